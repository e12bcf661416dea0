"""Feedback pages: one self-contained file for each submission, and one for the run."""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Literal

import jinja2
import msgspec
from markupsafe import Markup

import autograder
from autograder.catalog import Catalog
from autograder.reports import words
from autograder.reports.maps import caption_of, maps_of
from autograder.results import WORDS, Outcome, Report, SubmissionResult, student_report
from autograder.sync import write_text

Audience = Literal["student", "instructor"]


def write_feedback(
    submission: SubmissionResult,
    catalog: Catalog,
    report: Report,
    folder: Path,
    *,
    audience: Audience = "student",
    book: str = "",
) -> Path:
    """Write one submission's page and return its path.

    Args:
        submission: whose page.
        catalog: titles, hints and pages of the exercises.
        report: the run it belongs to.
        folder: where to write; made if missing.
        audience: only an instructor's page shows logs, the seed, and the inputs of hidden tests.
        book: address of the book, to link to; without it its pages are only named.
    """
    text = _page(submission, catalog, report, audience, book)
    return write_page(folder / page_name(submission.name), text)


def write_pages(
    report: Report,
    catalog: Catalog,
    folder: Path,
    *,
    audience: Audience = "student",
    book: str = "",
) -> Path:
    """Write the page of every submission, and for the instructor index.html with all scores.

    Returns:
        index.html; for students, who must not read each other's scores, the folder.
    """
    seen: Counter[str] = Counter()
    rows = []
    for submission in report.submissions:
        seen[submission.name] += 1
        name = page_name(submission.name, seen[submission.name])
        write_page(folder / name, _page(submission, catalog, report, audience, book))
        rows.append((name, submission))
    if audience == "student":
        return folder
    faults = words.grader_faults(report.submissions)
    text = template("index").render(report=report, rows=rows, faults=faults)
    return write_page(folder / "index.html", text)


def page_name(name: str, copy: int = 1) -> str:
    """A file name for a submission's page, whatever the submission is called.

    Two names never share one; `copy` numbers submissions of the same name.
    """
    # Letters of any script, so that pages can be told apart; of Latin ones without their accents.
    parts = unicodedata.normalize("NFKD", name.lower())
    letters = "".join(c for c in parts if unicodedata.category(c) != "Mn")
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", letters))
    readable = "-".join(words)[:40].strip("-") or "submission"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{readable}-{digest}{'' if copy == 1 else f'-{copy}'}.html"


def _page(
    submission: SubmissionResult, catalog: Catalog, report: Report, audience: Audience, book: str
) -> str:
    if audience == "student":
        report = student_report(report, submission)
        (submission,) = report.submissions
    elif submission.seed is not None:  # an earlier run's, if that has graded it
        report = msgspec.structs.replace(report, seed=submission.seed)
    return template("feedback").render(
        submission=submission,
        report=report,
        rows=[(result, *words.entry_of(result, catalog)) for result in submission.exercises],
        faults=words.grader_faults([submission]),
        for_instructor=audience == "instructor",
        book=book.rstrip("/"),
    )


@cache
def template(name: str) -> jinja2.Template:
    """A page's template, which escapes whatever it is given."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(autograder.__path__[0], "templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"words": words, "WORDS": WORDS, "Outcome": Outcome}
    environment.globals |= {"maps_of": maps_of, "caption_of": caption_of}
    return environment.get_template(f"{name}.html.j2")


def _finalize(value: object) -> object:
    """Make whatever a template prints plain, except markup that a template made itself."""
    is_text = isinstance(value, str) and not isinstance(value, Markup)
    return words.plain(str(value)) if is_text else value


def write_page(path: Path, text: str) -> Path:
    """Write a file whole or not at all, and return its path."""
    write_text(path, text)
    return path

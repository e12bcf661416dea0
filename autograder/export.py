"""Results in the forms that other systems read: Gradescope, Canvas, Moodle, GitHub's issues.

A learning platform's own table is filled in, never made up: it says who the students are. A
submission is entered where its name tells one row; what does not is listed and left to a person.
"""

import csv
import io
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from autograder.errors import CourseError
from autograder.project import Project
from autograder.reports.markdown import exercise_lines, to_markdown
from autograder.reports.words import grader_faults, line, points, remarks_of
from autograder.results import Report, SubmissionResult, for_student, student_report, to_json
from autograder.submission import without_ending


class ExportError(CourseError):
    """Nothing was written; the message says why and what to do."""


# --- Learning platforms ---------------------------------------------------------------------------


class Filled(msgspec.Struct):
    """A platform's table with scores in it.

    Attributes:
        text: the table, to be uploaded.
        entered: how many rows have got a score.
        left: why a submission was not entered, a line each.
    """

    text: str
    entered: int
    left: list[str]


class Platform(msgspec.Struct, frozen=True):
    """The table that a platform gives out to be filled in.

    Attributes:
        keys: the columns that can tell whose row it is.
        score: the column for the score; None where each assignment has its own.
        maximum: the column with the points to be had; None where a row of the table has them.
        feedback: the column for a sentence to the student, if there is one.
    """

    name: str
    keys: tuple[str, ...]
    score: str | None = None
    maximum: str | None = None
    feedback: str | None = None


CANVAS = Platform("Canvas", ("ID", "SIS User ID", "SIS Login ID", "Student"))
MOODLE = Platform(
    name="Moodle",
    keys=("Identifier", "ID number", "Email address", "Full name"),
    score="Grade",
    maximum="Maximum Grade",
    feedback="Feedback comments",
)
POINTS_POSSIBLE = "Points Possible"  # how Canvas begins the row with each column's maximum


def fill_in(
    report: Report, table: str, platform: Platform, column: str = "", scale: bool = False
) -> Filled:
    """Enter the scores into a table that was downloaded from the platform.

    Args:
        table: the CSV file's text.
        column: Canvas: the assignment's column, or as much of its name as tells it.
        scale: bring the scores to the platform's maximum instead of refusing another one.

    Raises:
        ExportError: if the table has no such columns, or its maximum is not the report's.
    """
    header, *rows = [*csv.reader(io.StringIO(table))] or [[]]
    keys = [header.index(key) for key in platform.keys if key in header]
    if not keys:
        raise ExportError(
            f"this is no table of {platform.name}'s: it has none of the columns "
            + ", ".join(platform.keys)
        )
    place = _column(header, platform.score or column)
    maxima = [row for row in rows if row and row[0].strip() == POINTS_POSSIBLE]
    students = [row for row in rows if row not in maxima and len(row) == len(header)]
    maximum = {row[place] for row in maxima if len(row) > place}
    if platform.maximum and platform.maximum in header:
        maximum = {row[header.index(platform.maximum)] for row in students}
    owners = [_names(row[key] for key in keys) for row in students]
    matches = {s.name: _rows_of(s.name, owners) for s in report.submissions}
    taken = Counter(rows[0] for rows in matches.values() if len(rows) == 1)
    left, entered = [], 0
    for submission in report.submissions:
        found = matches[submission.name]
        if reason := _not_entered(submission, found, taken):
            left.append(f"{line(submission.name)}: {reason}")
            continue
        row = students[found[0]]
        row[place] = points(submission.score * _factor(submission, maximum, scale))
        if platform.feedback and platform.feedback in header:
            words = f"{points(submission.score)} of {points(submission.max_score)} points"
            row[header.index(platform.feedback)] = words
        entered += 1
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return Filled(out.getvalue(), entered, left)


def read_table(path: Path) -> str:
    """A table's text. Raises ExportError, OSError."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise ExportError(f"{path} is not UTF-8: download it again, or save it as UTF-8") from None


def _column(header: Sequence[str], wanted: str) -> int:
    found = [n for n, name in enumerate(header) if name == wanted]
    found = found or [n for n, name in enumerate(header) if wanted and wanted in name]
    if len(found) != 1:
        many = "several columns are" if found else "no column is"
        raise ExportError(f"{many} called {wanted!r} in this table: {', '.join(header)}")
    return found[0]


def _not_entered(
    submission: SubmissionResult, rows: Sequence[int], taken: Mapping[int, int]
) -> str:
    if grader_faults([submission]):
        return "the grader itself failed here; grade it again"
    if submission.message:
        return f"nothing could be graded: {line(submission.message)}"
    if not rows:
        return "no row has its name"
    if len(rows) > 1:
        return f"{len(rows)} rows could be its own"
    if taken[rows[0]] > 1:
        return "another submission has the same row"
    return ""


def _factor(submission: SubmissionResult, maximum: set[str], scale: bool) -> float:
    """What a score is multiplied by."""
    try:
        limits = {float(text.replace(",", ".")) for text in maximum if text.strip()}
    except ValueError:
        there = ", ".join(map(line, sorted(maximum)))
        raise ExportError(
            f"the maximum there is no number of points ({there}): choose a column that takes "
            "points, or give the assignment some"
        ) from None
    if not limits or limits == {submission.max_score}:
        return 1.0
    (limit,) = limits if len(limits) == 1 else (0.0,)
    if not scale or not limit or not submission.max_score:
        there = ", ".join(sorted(map(points, limits)))
        raise ExportError(
            f"{there} points can be had there and {points(submission.max_score)} here: "
            "change the assignment's points, or bring the scores to them with --scale"
        )
    return limit / submission.max_score


def _rows_of(name: str, owners: Sequence[set[str]]) -> list[int]:
    """The rows that a submission's name can mean: all of it, or a part between underscores, and
    of these a number first, since several students may have one name.

    Canvas calls a download `lovelaceada_7_123_work.zip`, Moodle calls one
    `Ada Lovelace_7_assignsubmission_file`: 7 is the student's number in both.
    """
    stem = without_ending(name)
    parts = stem.split("_")
    for names in map(_names, ([stem], filter(str.isdigit, parts), parts)):
        if found := [n for n, owner in enumerate(owners) if owner & names]:
            return found
    return []


def _names(values: Iterable[str]) -> set[str]:
    """Names without the differences that a file system or a person makes."""
    plain = (unicodedata.normalize("NFC", value).strip().casefold() for value in values)
    return {value.removeprefix("participant ") for value in plain if value}


# --- GitHub ---------------------------------------------------------------------------------------

MAX_ISSUE_BYTES = 60_000  # GitHub takes 65,536 characters


def to_issues(report: Report) -> tuple[dict[str, str], list[str]]:
    """Each student's feedback as the text of an issue, by the submission's name; and what was left
    out, a line each: where the grader itself failed, and where several have one name.
    """
    texts: dict[str, str] = {}
    left = []
    named = Counter(without_ending(submission.name) for submission in report.submissions)
    for submission in report.submissions:
        name = without_ending(submission.name)
        if named[name] > 1:
            left.append(
                f"{line(submission.name)}: {named[name]} submissions are called {line(name)}"
            )
            continue
        if grader_faults([submission]):
            left.append(f"{line(name)}: the grader itself failed here; grade it again")
            continue
        seen = student_report(report, submission)
        texts[name] = to_markdown(seen, MAX_ISSUE_BYTES)
    return texts, left


# --- Gradescope -----------------------------------------------------------------------------------

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")

_SETUP = """\
#!/usr/bin/env bash
# Builds the image in which submissions are graded. Runs once, with a network.
set -euo pipefail
cd "$(dirname "$0")/course"
python3 -m pip install --quiet uv
uv venv --quiet --python 3.11 .venv
export UV_COMPILE_BYTECODE=1  # else each submission waits for it
uv pip install --python .venv/bin/python --no-deps --require-hashes -r requirements.lock
uv pip install --python .venv/bin/python --no-deps --quiet -e .
"""

_RUN = """\
#!/usr/bin/env bash
# Grades one submission. Where the grader itself fails it leaves no results, which Gradescope shows
# to the staff and which costs nobody a point.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
cd "$root/source/course"
# An archive is one submission, whatever it holds: what is wrong with it is told to the student.
tar --create --file "$root/submission.tar" --directory "$root/submission" .
.venv/bin/course grade "$root/submission.tar" --out "$root/graded"
.venv/bin/course export gradescope "$root/graded/results.json" \\
  --visibility VISIBILITY --to "$root/results/results.json"
"""


def _checked(visibility: str) -> str:
    if visibility not in VISIBILITIES:
        raise ExportError(f"{visibility!r} is no visibility: one of {', '.join(VISIBILITIES)}")
    return visibility


def to_gradescope(report: Report, visibility: str = "visible") -> str:
    """Gradescope's results.json of a report on one submission.

    Each exercise is one of its tests, a stretch exercise one without a maximum; `visibility` says
    when students see them. The remarks that a person should look at are hidden from students.

    Raises:
        ExportError: if the report holds more submissions, or the grader failed in it: Gradescope
            knows no points that are left open.
    """
    if len(report.submissions) != 1:
        raise ExportError(f"Gradescope takes one submission, here are {len(report.submissions)}")
    (submission,) = report.submissions
    if faults := grader_faults([submission]):
        raise ExportError(f"{faults} tests ended in a grader fault: mend it and grade again")
    seen = for_student(submission)
    tests = [
        {
            "name": result.id,
            "score": result.score,
            "max_score": 0.0 if result.stretch else result.max_score,
            "output": "\n".join(exercise_lines(result)) or "passed",
            "output_format": "md",
            "visibility": visibility,
        }
        for result in seen.exercises
    ]
    remarks = [f"{e.id}: {remark}" for e in submission.exercises for remark in remarks_of(e)]
    if remarks:
        words = {"name": "for the staff", "output": "\n".join(remarks), "visibility": "hidden"}
        tests.append({**words, "score": 0.0, "max_score": 0.0, "output_format": "text"})
    content = {
        "score": submission.score,
        "output": line(submission.message) or f"isolation: {line(report.isolation)}",
        "visibility": _checked(visibility),
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return to_json(content)


def write_autograder(project: Project, path: Path, visibility: str = "visible") -> int:
    """Write the archive that Gradescope builds its image from; the number of files in it."""
    root = project.root
    folders = ("autograder", "exercises", "solutions", "src")
    names = ("pyproject.toml", "requirements.lock", "README.md", "LICENSE", "LICENSE-TEXT")
    files = [root / name for name in names]
    files += sorted(p for folder in folders for p in (root / folder).rglob("*") if p.is_file())
    files = [p for p in files if "__pycache__" not in p.parts and p.suffix != ".ipynb"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, script in (("setup.sh", _SETUP), ("run_autograder", _RUN)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFREG | 0o755) << 16
            archive.writestr(info, script.replace("VISIBILITY", _checked(visibility)))
        for file in files:
            archive.write(file, f"course/{file.relative_to(root).as_posix()}")
    return len(files) + 2

"""What the media share: safe text, the words for an outcome, a test and a place in the book."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from autograder.catalog import Catalog, Chapter, Exercise
from autograder.results import (
    WORDS,
    ExerciseResult,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
)

MAX_TEXT = 4000  # characters of any one text
JOINERS = "\u200c\u200d"  # invisible, but words and emoji need them

# Outcomes that are not the student's doing, and leave the points open.
OPEN = {Outcome.NOT_RUN, Outcome.NO_GPU, Outcome.INCONCLUSIVE, Outcome.GRADER_FAULT}


def plain(text: str, keep: str = "\n\t") -> str:
    """Text that is safe to show: escape codes, control and direction characters become visible.

    >>> plain("\\x1b[31mred")
    '\\\\x1b[31mred'
    """
    text = text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… (cut)"
    text = text.replace("\r\n", "\n")
    if text.isprintable():
        return text
    return "".join(c if c in keep or not _is_hidden(c) else _spelled_out(c) for c in text)


def line(text: str) -> str:
    """The same for text that must stay on one line, as names do."""
    return plain(text, keep="")


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    return (category[0] == "C" and character not in JOINERS) or category in ("Zl", "Zp")


def _spelled_out(character: str) -> str:
    return character.encode("unicode_escape").decode()


def property_of(test: TestResult) -> str:
    """What the test demands, in one line."""
    return line(test.property or test.name.removeprefix("test_").replace("_", " "))


def reason_of(result: ExerciseResult) -> str:
    """Why an exercise is not passed, in one line: the property, or what went wrong before it."""
    first = next((test for test in result.tests if test.outcome is result.outcome), None)
    if first is None:
        return "it has no tests"
    return property_of(first) if first.outcome is Outcome.WRONG else line(first.message)


def details_of(test: TestResult) -> list[tuple[str, str]]:
    """What a failed test says beyond its property: pairs of a label and a text."""
    facts = [("reason", test.message)]
    if seen := test.mismatch:
        facts = [("input", seen.given), ("expected", seen.expected)]
        facts += [("got", seen.got), ("differs", seen.where)]
    return [(label, plain(text)) for label, text in facts if text]


def causes_of(tests: Iterable[TestResult]) -> list[str]:
    """The misconceptions that the tests point to, each once, its paragraphs a line each."""
    causes = dict.fromkeys(test.misconception.strip() for test in tests if test.misconception)
    return [
        "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", plain(cause)))
        for cause in causes
    ]


def outcome_counts(submission: SubmissionResult) -> str:
    """As in "3 passed, 1 wrong, 2 not started"."""
    counts = Counter(exercise.outcome for exercise in submission.exercises)
    return ", ".join(f"{counts[o]} {words}" for o, (_, words) in WORDS.items() if counts[o])


def grader_faults(submissions: Iterable[SubmissionResult]) -> int:
    """How many tests ended in the grader's own fault."""
    tests = (test for s in submissions for exercise in s.exercises for test in exercise.tests)
    return sum(test.outcome is Outcome.GRADER_FAULT for test in tests)


def is_boxed(report: Report) -> bool:
    """Whether a box kept the submissions from the grader; else `isolation` begins with none."""
    return not report.isolation.startswith("none")


def points(number: float) -> str:
    """Points as people write them: 2, 1.5, 0.33."""
    return f"{round(number, 2):.10g}"


def entry_of(
    result: ExerciseResult, catalog: Catalog
) -> tuple[Chapter, Exercise] | tuple[None, None]:
    """The catalog's entry of an exercise; an old report may hold one that is gone."""
    exercise = catalog.exercises.get(result.id)
    return (catalog.chapter_of(exercise), exercise) if exercise else (None, None)


def book_page(chapter: Chapter, exercise: Exercise) -> str:
    """Where the book explains an exercise: page and anchor, relative to the book's first page."""
    anchor = re.sub("[^a-z0-9]+", "-", exercise.id.lower()).strip("-")  # as MyST makes it
    return f"{exercise.page or chapter.page}/index.html#{anchor}"

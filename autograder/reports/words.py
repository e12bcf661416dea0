"""What the media share: safe text, the words for an outcome, a test and a place in the book."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from autograder import results
from autograder.catalog import Catalog, Chapter, Exercise
from autograder.results import (
    NOT_EXPECTED,
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

INTEGRATION = (
    "Points come from a first pass, in which what an exercise builds on is the course's own code, "
    "so that one mistake costs once; a second pass, all its own code, shows whether the parts work "
    "together and gives no points."
)

WAITING = (
    "Points are open where a test needs a GPU and has not been run on one: until then they count "
    "neither for nor against."
)


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


# GitHub reads "::" after any white space at the start of a line, and "##[" anywhere; Azure and
# TeamCity read "##vso[" and "##teamcity[".
_COMMANDS = re.compile(r"::(?=[^\W\d_])|##(?=\w*\[)")


def inert(text: str) -> str:
    """Text in which a CI runner that reads the log finds no command, however it is wrapped.

    >>> inert("::error::boo, ##[group]x, torch[::2]")
    ': :error: :boo, # #[group]x, torch[::2]'
    """
    return _COMMANDS.sub(lambda found: " ".join(found[0]), text)


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


def shared_reason(result: ExerciseResult) -> str:
    """Why all of several tests failed, where it is one reason: a file that cannot be imported."""
    ends = {(test.outcome, test.message, test.mismatch is None) for test in result.tests}
    message = result.tests[0].message if result.tests else ""
    if len(result.tests) < 2 or len(ends) > 1 or message in ("", NOT_EXPECTED):
        return ""
    is_alike = ends == {(result.outcome, message, True)} and result.outcome is not Outcome.PASSED
    return plain(message) if is_alike else ""


def details_of(test: TestResult, with_answers: bool = True) -> list[tuple[str, str]]:
    """What a failed test says beyond its property: pairs of a label and a text.

    Without the answers where the test's picture is drawn, which shows them.
    """
    facts = [("reason", "" if test.message == NOT_EXPECTED else test.message)]
    if seen := test.mismatch:
        answers = [("expected", seen.expected), ("got", seen.got)] if with_answers else []
        facts = [("input", seen.given), *answers, ("differs", seen.where)]
    return [(label, plain(text)) for label, text in facts if text]


LIKELY = "looks like"


class Cause(NamedTuple):
    """A misconception in words, and where the book explains it (see `book_place`), if it does."""

    text: str
    place: str

    def __str__(self) -> str:
        place = f" (in the book: {self.place})" if self.place else ""
        return f"a known mistake: {self.text}{place}"


def causes_of(tests: Iterable[TestResult]) -> list[Cause]:
    """The misconceptions that the tests point to, each once, its paragraphs a line each."""
    causes = {test.misconception.strip(): test.see for test in tests if test.misconception}
    return [
        Cause(
            "\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", plain(text))),
            book_place(line(see)) if see else "",
        )
        for text, see in causes.items()
    ]


def refused(test: TestResult) -> str:
    """What the box refused, as in "files, network"; empty where nothing was asked for."""
    return line(", ".join(test.attempts))


def remarks_of(result: ExerciseResult) -> list[str]:
    """What a person should look at, a line each: flags, and what the box refused."""
    asked = Counter(refused(test) for test in result.tests if test.attempts)
    return [line(flag) for flag in result.flags] + [
        f"the box refused: {what} (in {count} of {len(result.tests)} tests)"
        for what, count in asked.items()
    ]


def has_integration(submissions: Iterable[SubmissionResult]) -> bool:
    """Whether there was a second pass."""
    return any(e.integration is not None for s in submissions for e in s.exercises)


def integration_of(result: ExerciseResult) -> str:
    """The second pass in words, as in "all its own code: wrong"; empty where there was none."""
    return f"all its own code: {WORDS[result.integration][1]}" if result.integration else ""


def has_open(submissions: Iterable[SubmissionResult]) -> bool:
    """Whether any points wait for a GPU, stretch points included."""
    return any(exercise.open for s in submissions for exercise in s.exercises)


def open_of(result: ExerciseResult | SubmissionResult) -> str:
    """As in "2 more open: no GPU"; empty where nothing is."""
    return f"{points(result.open)} more open: no GPU" if result.open else ""


def outcome_counts(submission: SubmissionResult) -> str:
    """As in "3 passed, 1 wrong, 2 not started"."""
    return _counts(exercise.outcome for exercise in submission.exercises)


def integration_counts(submission: SubmissionResult) -> str:
    """The same for the second pass; empty where there was none."""
    return _counts(e.integration for e in submission.exercises if e.integration)


def _counts(outcomes: Iterable[Outcome]) -> str:
    counts = Counter(outcomes)
    return ", ".join(f"{counts[o]} {words}" for o, (_, words) in WORDS.items() if counts[o])


def remark_count(submission: SubmissionResult) -> str:
    """As in "2 remarks"; empty where there is none."""
    count = sum(len(remarks_of(result)) for result in submission.exercises)
    return f"{count} remark{'' if count == 1 else 's'}" if count else ""


def grader_faults(submissions: Iterable[SubmissionResult]) -> int:
    """How many tests ended in the grader's own fault."""
    tests = (test for s in submissions for exercise in s.exercises for test in exercise.tests)
    return sum(test.outcome is Outcome.GRADER_FAULT for test in tests)


def is_boxed(report: Report) -> bool:
    """Whether a box is known to have kept the submissions from the grader."""
    return results.is_boxed(report.isolation)


def is_practice(report: Report) -> bool:
    """Whether somebody checked their own code, which nothing has to be kept from."""
    return report.isolation.startswith("practice:")


def isolation_of(report: Report) -> str:
    """One calm line where a box was in use, a warning where none was."""
    if is_practice(report):
        return "Practice: your own code, and the tests that you can read."
    if is_boxed(report):
        return f"Isolation: {line(report.isolation)}"
    level = line(report.isolation)
    return f"Not isolated: {level}. Trust these scores only as far as you trust the code."


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
    """Where the book explains an exercise, see `book_place`."""
    return book_place(chapter.card_of(exercise))


def book_place(place: str) -> str:
    """A page#anchor as it is reached from the folder of the built book."""
    return place.replace("#", "/index.html#", 1)

"""What grading found: one model, from which every report is made.

Encoded as JSON it is the contract of `course grade --json` and `course check --json`; SCHEMA
changes whenever a field changes its meaning or goes away.
"""

import json
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from autograder.errors import CourseError

SCHEMA = 1


class Outcome(StrEnum):
    """How a test, and so an exercise, can end. This list is closed."""

    PASSED = "passed"
    WRONG = "wrong"
    NOT_STARTED = "not_started"
    ERROR = "error_in_your_code"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_TOO_LARGE = "output_too_large"
    CRASHED = "crashed"
    BLOCKED = "blocked_by_the_box"
    NOT_RUN = "not_run_because_x_failed"
    NO_GPU = "not_run_no_gpu"
    INCONCLUSIVE = "inconclusive"
    GRADER_FAULT = "grader_fault"


# What a person reads, and a sign that does not need colour.
WORDS: dict[Outcome, tuple[str, str]] = {
    Outcome.PASSED: ("✓", "passed"),
    Outcome.WRONG: ("✗", "wrong"),
    Outcome.NOT_STARTED: ("·", "not started"),
    Outcome.ERROR: ("!", "error in your code"),
    Outcome.TIMEOUT: ("⏱", "timeout"),
    Outcome.OUT_OF_MEMORY: ("!", "out of memory"),
    Outcome.OUTPUT_TOO_LARGE: ("!", "output too large"),
    Outcome.CRASHED: ("!", "crashed"),
    Outcome.BLOCKED: ("!", "blocked by the box"),
    Outcome.NOT_RUN: ("○", "not run"),
    Outcome.NO_GPU: ("○", "not run: no GPU"),
    Outcome.INCONCLUSIVE: ("?", "inconclusive"),
    Outcome.GRADER_FAULT: ("⚠", "grader fault"),
}


# Tests that end so count neither for nor against the student.
NO_VERDICT = frozenset({Outcome.NO_GPU, Outcome.INCONCLUSIVE, Outcome.GRADER_FAULT})


# All that can be said of a wrong answer whose input nobody may see: its property says the rest.
NOT_EXPECTED = "the answer is not the expected one"


class Picture(msgspec.Struct, omit_defaults=True):
    """Two arrays side by side: of large ones the part in which they differ most.

    `expected`, `got` and `difference` are lists of rows; a row is a line of rounded numbers with
    spaces between them, such as "0.5 nan -inf", for JSON knows neither nan nor inf.

    Attributes:
        shape: of the whole answer.
        shown: the part of it, as Python would index it: "[0, :, 4:12]".
        first: the index of the first column; before it that of the first row, if there are rows.
        difference: got minus expected; "0" wherever, and only where, the test takes them for equal.
        is_truth: 1 stands for True and 0 for False.
    """

    shape: list[int]
    shown: str
    first: list[int]
    expected: list[str]
    got: list[str]
    difference: list[str]
    is_truth: bool = False


class Mismatch(msgspec.Struct, omit_defaults=True):
    """One property that failed, on one input, in the words of the person who reads it.

    Attributes:
        picture: both answers, where they are arrays of one shape.
    """

    given: str
    expected: str
    got: str
    where: str = ""
    picture: Picture | None = None


class TestResult(msgspec.Struct):
    """The end of one test.

    Attributes:
        name: the test function.
        property: what the test demands, in one sentence; public even if the test is hidden.
        message: what happened, in one sentence; never quotes a hidden input.
        misconception: the known mistake that this looks like, and why it is one.
        see: where the book explains that: page#anchor.
        mismatch: the input and both answers; a student sees them of visible tests only.
        visible: whether the student may read the test.
        log: what the student's code printed and raised; for the instructor.
        attempts: what the code asked for and the box refused, in words of a closed list.
        device: what a test that needs a GPU ran on; "cpu" where it was only rehearsed. Empty where
            it did not run yet, and for every other test.
    """

    __test__ = False  # pytest would collect a class of this name

    name: str
    outcome: Outcome
    message: str
    misconception: str = ""
    see: str = ""
    property: str = ""
    weight: float = 1.0
    mismatch: Mismatch | None = None
    visible: bool = False  # what nobody vouched for stays hidden
    log: str = ""
    attempts: list[str] = []
    device: str = ""


def printable(text: str) -> str:
    """One line of text without control characters, which a stranger may have put into it."""
    return "".join(c if c.isprintable() else "�" for c in " ".join(text.split()))


class ExerciseResult(msgspec.Struct):
    """All tests of one exercise, and the points they earn together.

    Attributes:
        integration: how it ends when what it builds on is the student's own code too: a second
            pass that earns no points. None where there was no second pass.
        flags: remarks for a person to judge, never an automatic zero.
        open: points that only a run on a GPU can give; they are not in `max_score`.
        example: where hidden tests say that the answer is wrong, a visible test that fails as well,
            with inputs that a student may see.
    """

    id: str
    score: float
    max_score: float
    outcome: Outcome
    tests: list[TestResult]
    stretch: bool = False
    integration: Outcome | None = None
    flags: list[str] = []
    open: float = 0.0
    example: TestResult | None = None


class SubmissionResult(msgspec.Struct):
    """One submission. `message` says why nothing could be graded, where that is so.

    Attributes:
        open: points that only a run on a GPU can give; they are not in `max_score`, and stretch
            points are not among them.
        digest: of the files that were graded, so that a later result can be told to be of them.
        seed: replays its inputs; None where nothing was run, and in what a student gets.
        isolation: what kept it apart from the grader, as in Report; empty where nothing was run.
    """

    name: str
    score: float
    max_score: float
    exercises: list[ExerciseResult]
    message: str = ""
    open: float = 0.0
    digest: str = ""
    seed: int | None = None
    isolation: str = ""


class Report(msgspec.Struct):
    """A whole run.

    Attributes:
        isolation: what kept the submissions apart from the grader: "none: …", "standard: …" or
            "full: …". Where it was not the same for all, the weakest comes first.
        seed: replays the inputs of the run; of submissions that an earlier run has graded, their
            own does. None in what a student gets.
        suite: digest of the hidden tests, the reference and the catalog that graded.
    """

    isolation: str
    seed: int | None
    submissions: list[SubmissionResult]
    schema: int = SCHEMA
    suite: str = ""


def is_boxed(isolation: str) -> bool:
    """Whether a box is known to have kept the submissions from the grader."""
    return isolation.partition(":")[0] in ("standard", "full")


def weakest(isolations: Iterable[str]) -> str:
    """One line for several: the weakest gives the rung. Empty where there are none."""
    rungs = ("none", "standard", "full")
    found = sorted(set(filter(None, isolations)), key=lambda one: rungs.index(one.split(":")[0]))
    return "; others ".join(found)


def score_exercise(
    id: str, points: float, stretch: bool, tests: Sequence[TestResult]
) -> ExerciseResult:
    """Sum up an exercise: points in proportion to the weight of the tests that passed.

    A grader fault is not the student's: its test counts neither for nor against them, and where
    nothing else is left, the exercise is worth nothing this time. A suite without any test for
    the exercise is such a fault. A measurement that does not tell counts as little. A test for
    which there was no GPU keeps its share of the points open. The outcome is that of the first
    test that did not pass; inconclusive only where all others did, and no GPU only where there
    are no others.
    """
    if not tests:
        message = "no test of the suite belongs to this exercise"
        tests = [TestResult("suite", Outcome.GRADER_FAULT, message)]
    counted = [test for test in tests if test.outcome not in NO_VERDICT]
    weight = sum(test.weight for test in counted)
    earned = sum(test.weight for test in counted if test.outcome is Outcome.PASSED)
    waiting = sum(test.weight for test in tests if test.outcome is Outcome.NO_GPU)
    open_points = round(points * waiting / (weight + waiting), 2) if waiting else 0.0
    max_score = round(points - open_points, 2) if weight else 0.0
    failed = [test.outcome for test in tests if test.outcome is not Outcome.PASSED]
    failed.sort(key=lambda outcome: outcome is Outcome.INCONCLUSIVE)  # quietly, at the end
    if any(test.outcome is not Outcome.NO_GPU for test in tests):
        failed = [outcome for outcome in failed if outcome is not Outcome.NO_GPU]
    return ExerciseResult(
        id=id,
        score=round(max_score * earned / weight, 2) if weight else 0.0,
        max_score=max_score,
        outcome=failed[0] if failed else Outcome.PASSED,
        tests=list(tests),
        stretch=stretch,
        open=open_points,
    )


def score_submission(
    name: str, exercises: Sequence[ExerciseResult], message: str = ""
) -> SubmissionResult:
    """Add up the exercises. Stretch points add to the score, not to the maximum."""
    return SubmissionResult(
        name=name,
        score=round(sum(exercise.score for exercise in exercises), 2),
        max_score=round(sum(e.max_score for e in exercises if not e.stretch), 2),
        exercises=list(exercises),
        message=message,
        open=round(sum(e.open for e in exercises if not e.stretch), 2),
    )


# What a student reads of a fault of the grader's: its own words may quote a test or name a folder.
GRADER_FAILED = "the grader itself failed here; this costs you no points"


def student_report(report: Report, submission: SubmissionResult) -> Report:
    """What one student may see of a run: their own results, and no seed to replay hidden inputs."""
    return msgspec.structs.replace(report, seed=None, submissions=[for_student(submission)])


def for_student(submission: SubmissionResult) -> SubmissionResult:
    """The same result without what belongs to the instructor: hidden inputs, answers and logs."""
    faulty = any(_is_hidden_fault(test) for e in submission.exercises for test in e.tests)
    return msgspec.structs.replace(
        submission,
        exercises=[
            msgspec.structs.replace(
                e,
                tests=[_public(test) for test in e.tests],
                example=e.example and _public(e.example),
            )
            for e in submission.exercises
        ],
        message=GRADER_FAILED if faulty and submission.message else submission.message,
        seed=None,
    )


def _public(test: TestResult) -> TestResult:
    return msgspec.structs.replace(
        test,
        message=GRADER_FAILED if _is_hidden_fault(test) else test.message,
        mismatch=test.mismatch if test.visible else None,
        log="",
        attempts=sorted(set(test.attempts)),  # their order would be the student's code to choose
    )


def _is_hidden_fault(test: TestResult) -> bool:
    return test.outcome is Outcome.GRADER_FAULT and not test.visible


# JSON may hold characters that act on a terminal, and "##[", which a CI runner takes for a command
# anywhere in a line. Written as \uXXXX they are the same text to whoever reads the JSON.
_ACTIVE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|#(?=#)")


class ReportError(CourseError):
    """A file is not what course grade writes."""


def read_report(path: Path) -> Report:
    """What `course grade` has written to results.json. Raises ReportError, OSError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except msgspec.DecodeError:
        raise ReportError(f"{path} is not a results.json of course grade") from None


def to_json(report: object) -> str:
    """The report as one JSON document, indented for people who open it."""
    return msgspec.json.format(to_json_line(report))


def to_json_line(value: object) -> str:
    """The same on one line, of a whole report or of one result."""
    try:
        text = msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # a lone surrogate, from a file name that is not UTF-8: spell it out
        plain = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        text = re.sub("[\ud800-\udfff]", lambda c: rf"\\u{ord(c[0]):x}", plain)
    return _ACTIVE.sub(lambda c: rf"\u{ord(c[0]):04x}", text)

"""Markdown, for the summary of a GitHub job: who has which score, and what failed."""

import re
from collections.abc import Iterator

from autograder.reports.words import (
    INTEGRATION,
    LIKELY,
    WAITING,
    causes_of,
    details_of,
    grader_faults,
    has_integration,
    has_open,
    inert,
    integration_counts,
    integration_of,
    is_boxed,
    is_practice,
    isolation_of,
    line,
    open_of,
    outcome_counts,
    points,
    property_of,
    remark_count,
    remarks_of,
)
from autograder.results import (
    WORDS,
    ExerciseResult,
    Outcome,
    Report,
    SubmissionResult,
    TestResult,
    for_student,
)

MAX_BYTES = 1_000_000  # GitHub takes 1 MiB for a step, and nothing of a summary that is longer
MAX_CODE = 500  # characters of any one text

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$:@=^])")


def to_markdown(report: Report, max_bytes: int = MAX_BYTES) -> str:
    """A table of scores, then for each submission what failed.

    It holds no log, input or answer of a hidden test: CI shows it to anyone. Text that a student
    can choose stands in code spans, in which Markdown has no links, images, HTML or mentions.
    """
    text, size = "", 0
    for part in _lines(report):
        added = inert(part) + "\n"
        size += len(added.encode())
        if size > max_bytes:
            return f"{text}\nToo long for a summary: the rest is in the other reports.\n"
        text += added
    return text


def _lines(report: Report) -> Iterator[str]:
    """Whole lines: cut after any of them, the text is still sound."""
    submissions = [for_student(submission) for submission in report.submissions]
    second_pass = has_integration(submissions)
    yield "## Scores\n"
    loud = "" if is_boxed(report) or is_practice(report) else "> [!CAUTION]\n> "
    yield f"{loud}{_prose(isolation_of(report))}\n"
    if faults := grader_faults(submissions):
        text = f"Tests that ended in a grader fault: {faults}. Mend it and grade again."
        yield f"> [!CAUTION]\n> {text}\n"
    yield "| Submission | Score | Exercises |" + " All its own code |" * second_pass
    yield "|---|---:|---|" + "---|" * second_pass
    for submission in submissions:
        notes = [outcome_counts(submission), remark_count(submission), open_of(submission)]
        cells = [code(submission.name), _score(submission), "; ".join(filter(None, notes))]
        cells += [integration_counts(submission)] * second_pass
        yield f"| {' | '.join(cells)} |"
    if second_pass:
        yield f"\n{_prose(INTEGRATION)}"
    if has_open(submissions):
        yield f"\n{WAITING}"
    for submission in submissions:
        told = [part for result in submission.exercises for part in exercise_lines(result)]
        if told or submission.message:
            yield f"\n### {code(submission.name)}: {_score(submission)} points\n"
        if submission.message:
            yield f"{code(submission.message)}\n"
        yield from told


def exercise_lines(result: ExerciseResult) -> Iterator[str]:
    """What there is to say beyond the table's counts; nothing of what passed or was not begun."""
    remarks = remarks_of(result)
    quiet = result.outcome in (Outcome.PASSED, Outcome.NOT_STARTED)
    if quiet and not (remarks or result.open) and result.integration in (None, result.outcome):
        return
    sign, words = WORDS[result.outcome]
    score = f"{_score(result)} points"
    text = "; ".join(filter(None, [score, open_of(result), integration_of(result)]))
    yield f"- {sign} {words}: {code(result.id)}, {text}"
    for remark in remarks:
        yield f"  - to look at: {code(remark)}"
    failed = [] if quiet else [t for t in result.tests if t.outcome is not Outcome.PASSED]
    for test in failed:
        yield f"  - {_told(test)}"
    if result.example:
        yield f"  - an example from the tests that you have: {_told(result.example)}"
    for cause in causes_of(failed):
        yield f"  - {LIKELY} {_prose(str(cause))}"


def _told(test: TestResult) -> str:
    details = "; ".join(f"{label}: {code(text)}" for label, text in details_of(test))
    return f"{_prose(property_of(test))} {details}".rstrip()


def _score(result: ExerciseResult | SubmissionResult) -> str:
    return f"{points(result.score)} / {points(result.max_score)}"


def code(text: str) -> str:
    r"""Text as a code span that no text can close, in a table too.

    Backticks and pipes are spelled out, as \x60 and \x7c: a longer fence would do for a backtick,
    but renderers give up at different lengths, and differ on what \| is inside a table.
    """
    text = text if len(text) <= MAX_CODE else f"{text[:MAX_CODE]}… (cut)"
    text = line(text).replace("`", r"\x60").replace("|", r"\x7c")
    edge = " " if text[:1] == " " or text[-1:] == " " else ""
    return f"`{edge}{text or ' '}{edge}`"


def _prose(text: str) -> str:
    """The course's own sentences, with the signs escaped that Markdown knows."""
    return _MARKUP.sub(r"\\\1", " ".join(line(text).split()))

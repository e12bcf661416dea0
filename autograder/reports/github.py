"""What GitHub shows of a check: annotations, a job's summary, a step's outputs, a badge.

GitHub reads commands from the log, one a line: `::error file=…,line=…,title=…::text`. Whatever a
student's code can choose stands in their text, escaped as GitHub's own toolkit does it.
"""

import ast
import base64
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.catalog import Exercise
from autograder.project import Project
from autograder.reports.markdown import to_markdown
from autograder.reports.words import OPEN, details_of, inert, line, plain, points, reason_of
from autograder.results import WORDS, ExerciseResult, Outcome, Report, SubmissionResult, to_json
from autograder.sync import write_text

MAX_ANNOTATIONS = 10  # GitHub shows no more of a step
QUIET = {Outcome.PASSED, Outcome.NOT_STARTED, *OPEN}

_BADGE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{text}">
<rect width="{width}" height="20" rx="3" fill="{colour}"/>
<text x="{middle}" y="14" fill="#fff" font-family="sans-serif" font-size="11" \
text-anchor="middle">{text}</text>
</svg>
"""


def annotations(project: Project, submission: SubmissionResult) -> Iterator[str]:
    """Commands that mark each function that is wrong, and two that tell the points.

    The last two are those of GitHub Classroom's own reporter, which Classroom and tools that took
    its place read from the job.
    """
    for result in failing(submission)[:MAX_ANNOTATIONS]:
        exercise = project.catalog.exercises[result.id]
        file = project.module(exercise)
        place = {"file": file.relative_to(project.root).as_posix(), "line": _line(file, exercise)}
        title = f"{exercise.title}: {WORDS[result.outcome][1]}"
        yield _command("error", _told(result), **place, title=title)
    score, maximum = points(submission.score), points(submission.max_score)
    yield _command("notice", f"Points {score}/{maximum}", title="Autograding complete")
    numbers = {"totalPoints": submission.score, "maxPoints": submission.max_score}
    yield _command("notice", json.dumps(numbers), title="Autograding report")


def write_check(report: Report, folder: Path, environment: Mapping[str, str] = os.environ) -> None:
    """Write results.json and badge.svg, and the summary and outputs into the files GitHub names.

    The outputs are points, max-points, failing (how many exercises are wrong) and result, which
    Classroom's reporter reads. Raises OSError.
    """
    (submission,) = report.submissions
    write_text(folder / "results.json", to_json(report))
    write_text(folder / "badge.svg", badge(submission))
    outputs = {
        "points": points(submission.score),
        "max-points": points(submission.max_score),
        "failing": str(len(failing(submission))),
        "result": base64.b64encode(json.dumps(to_classroom(submission)).encode()).decode(),
    }
    texts = {
        "GITHUB_STEP_SUMMARY": to_markdown(report),
        "GITHUB_OUTPUT": "".join(f"{name}={value}\n" for name, value in outputs.items()),
    }
    for variable, text in texts.items():
        if path := environment.get(variable):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(text)


def to_classroom(submission: SubmissionResult) -> dict[str, object]:
    """What Classroom's graders hand to its reporter (classroom-resources on GitHub), version 1."""
    return {
        "version": 1,
        "status": "fail" if failing(submission) else "pass",
        "max_score": submission.max_score,
        "tests": [
            {
                "name": result.id,
                "status": "pass" if result.outcome is Outcome.PASSED else "fail",
                "score": result.score,
                "message": None if result.outcome is Outcome.PASSED else inert(reason_of(result)),
                "test_code": f"course check {result.id}",
                "filename": "",
                "line_no": 0,
                "execution_time": "",
            }
            for result in submission.exercises
        ],
    }


def badge(submission: SubmissionResult) -> str:
    """A picture of the points: grey before the first, green when all are there."""
    text = f"{points(submission.score)} / {points(submission.max_score)} points"
    done = submission.score >= submission.max_score > 0
    colour = "#2b6e2b" if done else "#1f5fa8" if submission.score else "#595959"
    width = 7 * len(text) + 12
    return _BADGE.format(text=text, width=width, middle=width // 2, colour=colour)


def failing(submission: SubmissionResult) -> list[ExerciseResult]:
    """What was begun and is wrong; not what merely waits for it."""
    return [result for result in submission.exercises if result.outcome not in QUIET]


def _told(result: ExerciseResult) -> str:
    lines = [reason_of(result)]
    test = next((test for test in result.tests if test.outcome is result.outcome), None)
    if test and test.outcome is Outcome.WRONG:
        lines += [f"{label}: {text}" for label, text in details_of(test)]
    return "\n".join([*lines, f"course check {result.id}"])


def _line(file: Path, exercise: Exercise) -> int:
    """Where the exercise's definition begins; in a file that is no Python, where that shows."""
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError as error:
        return error.lineno or 1
    except (OSError, ValueError, RecursionError, MemoryError):
        return 1
    definitions = ast.FunctionDef | ast.ClassDef
    lines = [
        node.lineno
        for node in tree.body
        if isinstance(node, definitions) and node.name == exercise.symbol
    ]
    return lines[-1] if lines else 1


def _command(name: str, text: str, **properties: object) -> str:
    """A command as GitHub's toolkit writes it: no text can end it or begin another."""
    given = ",".join(
        f"{key}={_escaped(line(str(value))).replace(':', '%3A').replace(',', '%2C')}"
        for key, value in properties.items()
    )
    return f"::{name} {given}::{_escaped(inert(plain(text)))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

"""package.ipynb: a cell for each exercise of a chapter, in which its hidden tests' points stand.

It is generated, graded by the same engine as `course grade`, and never run.
"""

import math
from collections.abc import Iterator
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.catalog import Chapter, Exercise
from autograder.notebooks import KERNEL
from autograder.reports.words import (
    LIKELY,
    causes_of,
    details_of,
    integration_of,
    is_boxed,
    isolation_of,
    line,
    open_of,
    points,
    property_of,
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

NAME = "package"
INTRODUCTION = """\
# {title}: the package

Each cell stands for an exercise of `langmodels`. Hidden tests grade it, not anything that is \
written here: there is nothing to fill in. `course check` runs the tests that you can read.
"""


def cell_id(exercise: Exercise) -> str:
    """The exercise's grade_id: nbgrader takes no dot."""
    return exercise.id.replace(".", "-")


def generate(chapter: Chapter) -> Any:
    """The notebook of a chapter, as a source for nbgrader."""
    cells = [new_markdown_cell(INTRODUCTION.format(title=chapter.title), id="introduction")]
    cells[0].metadata.nbgrader = _flags("introduction", grade=False)
    for exercise in chapter.exercises:
        source = f"# {exercise.id}: {exercise.title}"
        if exercise.stretch:
            source += f"\n# Stretch: up to {points(exercise.points)} points on top."
        cell = new_code_cell(source, id=cell_id(exercise))
        cell.metadata.nbgrader = _flags(cell_id(exercise), grade=True) | {
            "points": 0 if exercise.stretch else exercise.points
        }
        cells.append(cell)
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def _flags(id: str, grade: bool) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade_id": id, "grade": grade}
    return flags | {"locked": True, "solution": False, "task": False}


def fill(notebook: Any, report: Report, submission: SubmissionResult) -> None:
    """Write scores and feedback into the cells: nbgrader takes a last value for the score.

    A student reads this notebook. What could not be judged is left open, see parts.HoldBack.
    """
    results = {result.id.replace(".", "-"): result for result in submission.exercises}
    seen = {e.id.replace(".", "-"): e for e in for_student(submission).exercises}
    held, extra = [], {}
    warning = [] if is_boxed(report) else [isolation_of(report)]
    for cell in notebook.cells:
        flags = cell.metadata.get("nbgrader", {})
        if not flags.get("grade"):
            continue
        id, maximum = flags["grade_id"], float(flags["points"])
        cell.outputs = []
        if id not in results:
            held.append(id)
            continue
        result = results[id]
        text = "\n".join([*warning, *feedback(seen[id])]) + "\n"
        cell.outputs.append(new_output("stream", name="stdout", text=text))
        score = result.score if math.isfinite(result.score) else 0.0
        if is_open(result):
            held.append(id)
        elif result.stretch:
            extra[id] = max(score, 0.0)
        value = repr(min(max(float(score), 0.0), maximum))
        data = {"text/plain": value}
        cell.outputs.append(new_output("execute_result", data=data, execution_count=None))
    notebook.metadata["course"] = {"held": held, "extra": extra}


def is_open(result: ExerciseResult) -> bool:
    """Whether a person has to look first: the grader has failed, or a GPU was missing."""
    faulty = any(test.outcome is Outcome.GRADER_FAULT for test in result.tests)
    return faulty or result.open > 0


def feedback(result: ExerciseResult) -> Iterator[str]:
    """What a student reads of an exercise; `result` has been made for students."""
    sign, words = WORDS[result.outcome]
    score = f"{points(result.score)} of {points(result.max_score)} points"
    about = [f"{sign} {words}: {score}", open_of(result), integration_of(result)]
    yield "; ".join(filter(None, about))
    failed = [test for test in result.tests if test.outcome is not Outcome.PASSED]
    if result.outcome in (Outcome.PASSED, Outcome.NOT_STARTED):
        failed = []
    for test in failed:
        yield from _told(test)
    if result.example:
        yield "an example from the tests that you have:"
        yield from _told(result.example)
    for cause in causes_of(failed):
        yield f"{LIKELY} {cause}"


def _told(test: TestResult) -> Iterator[str]:
    yield f"- {property_of(test)}"
    for label, text in details_of(test):
        yield f"    {label}: {line(text)}"

"""The notebooks of the chapters as nbgrader takes them: released, handed in, graded.

nbgrader works in a child process (this file, run as a program): it warns a lot, and everything that
it writes stays in a temporary folder.
"""

import json
import re
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from assignments import ASSIGNMENTS, ROOT, Assignment, environment, kind_of

pytestmark = pytest.mark.slow


# --- In the child process: nbgrader ---------------------------------------------------------------


def submission(release: Any, answers: dict[str, str]) -> Any:
    """The student's notebook with answers written into it."""
    filled = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in filled.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return filled


def succeed(step: dict[str, Any]) -> None:
    """Stop with nbgrader's own words if a step has failed."""
    if not step["success"]:
        raise RuntimeError(f"{step.get('error', '')}\n{step.get('log', '')}")


def run_nbgrader(assignments: Iterable[Assignment], course: Path) -> None:
    """Make the releases, hand in, autograde; everything stays below `course`.

    What was found of each assignment is in NAME.json, or in NAME.txt what nbgrader stumbled over.
    """
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "course"
    config.Exchange.root = str(course / "exchange")
    config.NbGraderAPI.log_level = "WARN"
    config.ExecutePreprocessor.timeout = 240  # a cell's; this machine may have other work
    api = NbGraderAPI(config=config)
    for assignment in assignments:
        try:
            found = json.dumps(grade_with(api, assignment, course))
            (course / f"{assignment.name}.json").write_text(found, encoding="utf-8")
        except Exception:
            (course / f"{assignment.name}.txt").write_text(traceback.format_exc(), encoding="utf-8")


def grade_with(api: Any, assignment: Assignment, course: Path) -> dict[str, Any]:
    """The scores of three students."""
    from nbgrader.api import Gradebook
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum

    name, file = assignment.folder, assignment.notebook
    source = nbformat.read(assignment.source, as_version=4)
    MetadataValidator().validate_nb(source)
    folder = course / "source" / name
    folder.mkdir(parents=True)
    shutil.copy(assignment.source, folder)
    succeed(api.generate_assignment(name))
    release = nbformat.read(course / "release" / name / file, as_version=4)
    MetadataValidator().validate_nb(release)
    sound = all(c.metadata.nbgrader.checksum == compute_checksum(c) for c in release.cells)

    wrong = {
        answer: code for answer, what, code, _ in assignment.mistakes if what in assignment.mistaken
    }
    hand_ins = {
        "model": source,
        "untouched": release,
        # What only shows numbers is taken from the source.
        "mistaken": submission(
            release,
            {
                **{c.id: c.source for c in source.cells if c.id in assignment.only_shown},
                **assignment.alternatives,
                **wrong,
                **assignment.written,
            },
        ),
    }
    scores: dict[str, Any] = {}
    for student, notebook in hand_ins.items():
        folder = course / "submitted" / student / name
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / file)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        (folder / "timestamp.txt").write_text(now, encoding="utf-8")
        succeed(api.autograde(name, student))
        with Gradebook(api.coursedir.db_url, "course") as gradebook:
            graded = gradebook.find_submission(name, student)
            grades = [grade for notebook in graded.notebooks for grade in notebook.grades]
            scores[student] = {
                "score": graded.score,
                "max_score": graded.max_score,
                "cells": {grade.name: grade.score for grade in grades},
                "to_grade": sorted(grade.name for grade in grades if grade.needs_manual_grade),
            }
    return {"checksums_match": sound, "scores": scores}


if __name__ == "__main__":
    names = sys.argv[2:]
    run_nbgrader([a for a in ASSIGNMENTS if a.name in names], Path(sys.argv[1]))
    sys.exit()


# --- Fixtures -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(request, tmp_path_factory) -> Path:
    """A course folder in which three students have been graded, in each assignment asked for."""
    here = (item for item in request.session.items if item.path == request.path)
    asked = [item.callspec.params["assignment"] for item in here if "course" in item.fixturenames]
    place = tmp_path_factory.mktemp("course")
    # One program for all of them: it takes longer to begin than to grade a notebook.
    child = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, str(place), *sorted({a.name for a in asked})],
        env=environment(place / "home", ROOT / "solutions"),
        cwd=place,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert child.returncode == 0, child.stderr[-4000:]
    return place


@pytest.fixture(scope="module")
def graded(assignment, course) -> dict[str, Any]:
    found, fault = (course / f"{assignment.name}.{kind}" for kind in ("json", "txt"))
    assert found.exists(), fault.read_text(encoding="utf-8")[-4000:]
    return json.loads(found.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def release(assignment, course, graded) -> Any:
    path = course / "release" / assignment.folder / assignment.notebook
    return nbformat.read(path, as_version=4)


# --- The release ----------------------------------------------------------------------------------


def test_the_release_holds_no_line_of_a_solution(source, release):
    shown = {line.strip() for cell in release.cells for line in cell.source.splitlines()}
    assert not any("SOLUTION" in line for line in shown)
    for cell in source.cells:
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END", cell.source, re.DOTALL):
            lines = {line.strip() for line in region.splitlines()} - {"", "]", ")", "}"}
            assert lines
            assert not lines & shown, f"{cell.id}: the student's notebook shows {lines & shown}"


def test_the_release_asks_for_every_answer_and_protects_the_rest(release, graded):
    assert graded["checksums_match"]
    for cell in release.cells:
        kind = kind_of(cell)
        assert ("YOUR CODE HERE\n" in cell.source) == (kind == "answer"), cell.id
        assert (cell.source == "YOUR ANSWER HERE") == (kind == "essay"), cell.id
        assert cell.metadata.get("editable", True) == (kind in ("answer", "essay")), cell.id
        assert cell.metadata.deletable is False


# --- Grading --------------------------------------------------------------------------------------


def test_the_model_answers_earn_every_automatic_point(assignment, graded):
    model = graded["scores"]["model"]
    assert model["cells"] == assignment.automatic | dict.fromkeys(assignment.manual, 0)
    assert model["max_score"] == assignment.points


def test_essays_wait_for_a_person(assignment, graded):
    assert graded["scores"]["model"]["to_grade"] == sorted(assignment.manual)
    assert graded["scores"]["mistaken"]["to_grade"] == sorted(assignment.written)


def test_an_untouched_notebook_earns_nothing(graded):
    untouched = graded["scores"]["untouched"]
    assert untouched["score"] == 0
    assert not any(untouched["cells"].values())
    assert untouched["to_grade"] == []


def test_a_submission_loses_what_it_gets_wrong_and_nothing_else(assignment, graded):
    wrong = [seen for _, what, _, seen in assignment.mistakes if what in assignment.mistaken]
    lost, automatic = set().union(*wrong), assignment.automatic
    cells = graded["scores"]["mistaken"]["cells"]
    assert {name for name in automatic if not cells[name]} == lost
    assert {name for name in automatic if cells[name]} == set(automatic) - lost
    assert graded["scores"]["mistaken"]["score"] == sum(
        points for name, points in automatic.items() if name not in lost
    )


def test_a_test_that_passes_writes_nothing(assignment, course, graded):
    """nbgrader reads a number, a truth value or a text after a test as the score."""
    path = course / "autograded" / "model" / assignment.folder / assignment.notebook
    for cell in nbformat.read(path, as_version=4).cells:
        if kind_of(cell) == "check":
            assert cell.outputs == [], cell.id


def test_what_an_answer_writes_to_stderr_costs_nothing(assignment, course, graded):
    """nbgrader itself gives no points to a cell that writes to stderr."""
    path = course / "autograded" / "mistaken" / assignment.folder / assignment.notebook
    cells = nbformat.read(path, as_version=4).cells
    outputs = next(cell.outputs for cell in cells if cell.id == assignment.noisy)
    # A kernel sends what is written in one message or in several, as its clock has it.
    assert {output.name for output in outputs} == {"stdout"}
    assert "a progress bar" in "".join(output.text for output in outputs)
    assert graded["scores"]["mistaken"]["cells"][assignment.noisy] > 0


def test_a_failed_test_says_what_is_wrong(assignment, course, graded):
    path = course / "autograded" / "mistaken" / assignment.folder / assignment.notebook
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    check, complaint = assignment.complaint
    [error] = cells[check].outputs
    assert error.evalue == complaint

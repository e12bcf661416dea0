"""The notebooks of the chapters as assignments: what nbgrader makes of them, what they pay for.

nbgrader works in a child process (this file, run as a program): it warns a lot, and everything that
it writes stays in a temporary folder. Wrong and other right answers are tried without a kernel.
"""

import ast
import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import pytest
from assignments import ASSIGNMENTS, ROOT, Assignment


def kind_of(cell: Any) -> str:
    """What nbgrader takes a cell for."""
    flags = cell.metadata.nbgrader
    match flags.grade, flags.solution, flags.locked:
        case True, False, True:
            return "check"
        case True, True, False:
            return "essay"
        case False, True, False:
            return "answer"
        case False, False, True:
            return "given"
    raise ValueError(f"{cell.id}: no such kind of cell: {dict(flags)}")


def submission(release: Any, answers: dict[str, str]) -> Any:
    """The student's notebook with answers written into it."""
    filled = nbformat.from_dict(json.loads(json.dumps(release)))
    for cell in filled.cells:
        cell.source = answers.get(cell.metadata.nbgrader.grade_id, cell.source)
    return filled


# --- In the child process: nbgrader ---------------------------------------------------------------


def succeed(step: dict[str, Any]) -> None:
    """Stop with nbgrader's own words if a step has failed."""
    if not step["success"]:
        sys.exit(f"{step.get('error', '')}\n{step.get('log', '')}")


def run_nbgrader(assignment: Assignment, course: Path) -> dict[str, Any]:
    """Make the release, hand in, autograde; everything stays below `course`."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from nbgrader.nbgraderformat import MetadataValidator
    from nbgrader.utils import compute_checksum
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "course"
    config.Exchange.root = str(course / "exchange")
    config.NbGraderAPI.log_level = "WARN"
    api = NbGraderAPI(config=config)

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
    place = Path(sys.argv[1])
    [wanted] = [a for a in ASSIGNMENTS if a.name == sys.argv[2]]
    result = run_nbgrader(wanted, place)
    (place / "result.json").write_text(json.dumps(result), encoding="utf-8")
    sys.exit()


# --- Fixtures -------------------------------------------------------------------------------------


def environment(home: Path, package: Path) -> dict[str, str]:
    """For a child: its own home and Jupyter folders, and this `langmodels` before all others."""
    names = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    folders = {name: str(home / name.lower()) for name in names}
    for folder in folders.values():
        Path(folder).mkdir(parents=True, exist_ok=True)
    # nbgrader starts `alembic` by its bare name.
    commands = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    settings = {"PATH": commands, "PYTHONPATH": str(package), "OMP_NUM_THREADS": "1"}
    return {**os.environ, **folders, **settings}


@pytest.fixture(scope="module", params=ASSIGNMENTS, ids=lambda assignment: assignment.name)
def assignment(request) -> Assignment:
    return request.param


@pytest.fixture(scope="module")
def source(assignment) -> Any:
    return nbformat.read(assignment.source, as_version=4)


@pytest.fixture(scope="module")
def course(assignment, tmp_path_factory) -> Path:
    """A course folder in which three students have been graded."""
    place = tmp_path_factory.mktemp("course")
    command = [sys.executable, "-W", "ignore", __file__, str(place), assignment.name]
    child = subprocess.run(
        command,
        env=environment(place / "home", ROOT / "solutions"),
        cwd=place,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert child.returncode == 0, child.stderr[-4000:]
    return place


@pytest.fixture(scope="module")
def graded(course) -> dict[str, Any]:
    return json.loads((course / "result.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def release(assignment, course, graded) -> Any:
    path = course / "release" / assignment.folder / assignment.notebook
    return nbformat.read(path, as_version=4)


@contextlib.contextmanager
def silence():
    """Keep what the notebook prints, and give it streams of its own: it redirects stderr."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def execute(cell: Any, names: dict[str, Any], code: str | None = None) -> None:
    exec(compile(code or cell.source, cell.id, "exec"), names)


@pytest.fixture(scope="module")
def solved(source) -> dict[str, Any]:
    """Every name of the notebook after all of it has run."""
    names: dict[str, Any] = {"__name__": "notebook"}
    with silence():
        for cell in source.cells:
            if cell.cell_type == "code":
                execute(cell, names)
    return names


def part_of(source: Any, answer: str) -> list[Any]:
    """The cells between two headings, around this answer."""
    part: list[Any] = []
    for cell in source.cells:
        if cell.cell_type == "markdown" and cell.source.startswith(("# ", "## ")):
            if any(known.id == answer for known in part):
                break
            part = []
        part.append(cell)
    return part


def failures(source: Any, solved: dict[str, Any], answer: str, code: str) -> dict[str, Exception]:
    """The tests of the part that fail when this answer is replaced, and how."""
    names, failed = dict(solved), {}
    with silence():
        for cell in part_of(source, answer):
            if cell.cell_type != "code":
                continue
            try:
                execute(cell, names, code if cell.id == answer else None)
            except Exception as error:
                assert kind_of(cell) == "check", f"{cell.id} breaks: {error!r}"
                failed[cell.id] = error
    return failed


# --- The source -----------------------------------------------------------------------------------


def test_the_source_is_stored_without_results(assignment, source):
    text = nbformat.writes(source, indent=1, ensure_ascii=False).rstrip("\n") + "\n"
    assert text == assignment.source.read_text(encoding="utf-8")
    assert source.metadata.kernelspec.name == "python3"
    code = [cell for cell in source.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not re.search(r"/(?:home|root|tmp|work|Users)/", text)


def test_every_cell_has_a_role_and_a_stable_name(source):
    keys = {"schema_version", "grade", "grade_id", "locked", "solution", "task"}
    for cell in source.cells:
        flags = dict(cell.metadata.nbgrader)
        assert flags["schema_version"] == 3
        assert flags["task"] is False
        assert set(flags) - {"points"} == keys, cell.id
        assert ("points" in flags) == flags["grade"], cell.id
        assert flags["grade_id"] == cell.id
        assert (kind_of(cell) == "essay") <= (cell.cell_type == "markdown")
    assert len({cell.id for cell in source.cells}) == len(source.cells)


def test_points_are_those_of_the_table_at_the_beginning(assignment, source):
    points = {
        c.id: c.metadata.nbgrader.points for c in source.cells if "points" in c.metadata.nbgrader
    }
    assert points == assignment.automatic | assignment.manual
    assert 25 <= assignment.points <= 30
    promised = re.findall(r"^\| (\d) \| (.+?) \| (\d+) \|$", source.cells[0].source, re.MULTILINE)
    answers = {}
    for number, title, _ in promised:
        heading = f"## {number}. {title}\n"
        start = next(i for i, c in enumerate(source.cells) if c.source.startswith(heading))
        part = part_of(source, source.cells[start].id)
        answers[number] = sum(points.get(cell.id, 0) for cell in part)
    assert answers == {number: int(value) for number, _, value in promised}
    assert sum(answers.values()) == assignment.points


def test_no_test_is_hidden_in_a_cell_that_students_get_back(source):
    assert not any("HIDDEN" in cell.source for cell in source.cells)


def test_every_answer_is_marked_as_a_solution_and_every_essay_has_marks(source):
    for cell in source.cells:
        expected = 1 if kind_of(cell) in ("answer", "essay") else 0
        assert cell.source.count("### BEGIN SOLUTION") == expected, cell.id
        assert cell.source.count("### END SOLUTION") == expected, cell.id
        if kind_of(cell) == "essay":
            assert "*Marks" in cell.source, f"{cell.id} does not say what earns the points"


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


# --- Wrong answers and other right ones, without a kernel -----------------------------------------

CONSTANTS = [0, 1, 0.5, -1.0, float("nan"), True, None, "", [], {}, (), Fraction(1, 2), (1, 1.0)]


def names_of(cell: Any) -> list[str]:
    """What an answer cell defines."""
    names = []
    for statement in ast.parse(cell.source).body:
        if isinstance(statement, ast.FunctionDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign):
            targets = ast.walk(statement.targets[0])
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


def every(names: Callable[[Assignment], Iterable[str]]) -> pytest.MarkDecorator:
    """A test for each assignment and each of these names in it."""
    pairs = [
        pytest.param(assignment, name, id=f"{assignment.name}-{name}")
        for assignment in ASSIGNMENTS
        for name in names(assignment)
    ]
    return pytest.mark.parametrize(("assignment", "name"), pairs, indirect=["assignment"])


@every(lambda assignment: assignment.automatic)
def test_constant_answers_fail(source, solved, name):
    """Each answer replaced by a constant, alone and all together; a test follows its answer."""
    position = next(i for i, cell in enumerate(source.cells) if cell.id == name)
    answer = next(c for c in reversed(source.cells[:position]) if kind_of(c) == "answer")
    names = names_of(answer)
    assert names
    for constant in CONSTANTS:
        null = (lambda *_, c=constant, **__: c) if callable(solved[names[0]]) else constant
        for replaced in [*([name] for name in names), names]:
            with silence(), pytest.raises(Exception):  # noqa: B017
                execute(source.cells[position], solved | dict.fromkeys(replaced, null))


@every(lambda assignment: [f"{cell}: {what}" for cell, what, _, _ in assignment.mistakes])
def test_a_mistake_costs_its_tests_and_no_other(assignment, source, solved, name):
    [(answer, _, code, seen_by)] = [m for m in assignment.mistakes if f"{m[0]}: {m[1]}" == name]
    failed = failures(source, solved, answer, code)
    assert set(failed) == seen_by
    assert all(isinstance(e, AssertionError) and str(e) for e in failed.values()), failed


@every(lambda assignment: assignment.alternatives)
def test_another_right_answer_passes(assignment, source, solved, name):
    assert failures(source, solved, name, assignment.alternatives[name]) == {}


def test_an_exercise_that_is_missing_is_named_in_one_sentence(assignment, source, tmp_path):
    """With the untouched package, and with one in which the last exercise is still open."""
    setup = next(cell for cell in source.cells if cell.id == "setup")
    almost = tmp_path / "almost"
    shutil.copytree(ROOT / "solutions/langmodels", almost / "langmodels")
    module = assignment.module
    first, last = (f"{module}.{symbol}" for symbol in assignment.needs)
    with (almost / f"langmodels/{module}.py").open("a", encoding="utf-8") as file:
        file.write(
            f"\ndef {assignment.needs[1]}(*_, **__):\n    raise NotImplementedError('{last}')\n"
        )
    script = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "shell = InteractiveShell.instance(history_length=0)\n"
        "print(shell.run_cell(sys.stdin.read()).success, end='')\n"
    )
    for package, exercise in ((ROOT / "src", first), (almost, last)):
        missing = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            env=environment(tmp_path, package),
            input=setup.source,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert missing.stdout.splitlines() == [
            f"Not yet: this notebook needs {exercise}; write it, run `course check {module}`, "
            "and restart the kernel.",
            "False",
        ]

"""The notebooks of the chapters as assignments: what is in them, and what their tests see.

Wrong and other right answers are tried in this process, without a kernel. What nbgrader makes of
the notebooks is in test_nbgrader.py.
"""

import ast
import contextlib
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from assignments import ASSIGNMENTS, ROOT, Assignment, environment, kind_of


@contextlib.contextmanager
def silence():
    """Keep what the notebook prints, and give it streams of its own: it redirects stderr."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def execute(cell: Any, names: dict[str, Any], code: str | None = None) -> None:
    exec(compile(code or cell.source, cell.id, "exec"), names)


@pytest.fixture
def solved(assignment) -> dict[str, Any]:
    """Every name of the notebook after all of it has run."""
    return run_whole(assignment.source)


@lru_cache(maxsize=1)  # a fixture of wider scope would be set up anew for each parameter
def run_whole(path: Path) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "notebook"}
    with silence():
        for cell in nbformat.read(path, as_version=4).cells:
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
        for replaced in {*((name,) for name in names), tuple(names)}:
            with silence(), pytest.raises(Exception):  # noqa: B017
                execute(source.cells[position], solved | dict.fromkeys(replaced, null))


@pytest.mark.slow
@every(lambda assignment: [f"{cell}: {what}" for cell, what, _, _ in assignment.mistakes])
def test_a_mistake_costs_its_tests_and_no_other(assignment, source, solved, name):
    [(answer, _, code, seen_by)] = [m for m in assignment.mistakes if f"{m[0]}: {m[1]}" == name]
    failed = failures(source, solved, answer, code)
    assert set(failed) == seen_by
    assert all(isinstance(e, AssertionError) and str(e) for e in failed.values()), failed


@pytest.mark.slow
@every(lambda assignment: assignment.alternatives)
def test_another_right_answer_passes(assignment, source, solved, name):
    assert failures(source, solved, name, assignment.alternatives[name]) == {}


@pytest.mark.slow  # two programs that import torch, for each notebook
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

"""What grading costs beyond the tests' own time: ours, otter-grader's and nbgrader's, side by side.

make course && .venv/bin/python benchmarks/graders.py [--submissions 6] [--rounds 3]

All three grade the same answers to one tiny assignment: a function, a visible and a hidden test,
each over in microseconds. So what is measured is the graders. CPU time is that of the command
and of all that it starts, by the kernel's account; the graders take turns. nbgrader and ours grade
all submissions with one command, which also writes feedback (ours) and a gradebook (nbgrader).
`otter run` grades one; `otter grade`, which wants Docker, does the same in a container for each.

otter-grader comes into a temporary environment (uv) unless --otter names one's bin folder.
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from cpu import adopt, spent
from rich.console import Console
from rich.table import Table

BIN = Path(sys.executable).parent
OTTER = "otter-grader==7.0.0"
RIGHT, WRONG = "return 2 * x", "return x + 2"  # 2 and 2, but 5 and 7
POINTS = {RIGHT: 2.0, WRONG: 1.0}


def main() -> None:
    """Measure, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--otter", type=Path, help="bin folder of an environment with otter-grader")
    options = parser.parse_args()
    adopt()
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        otter = options.otter or _environment(folder / "environment")
        graders: list[Grader] = [Ours(folder), Nbgrader(folder), Otter(folder, otter)]
        figures: dict[str, list[tuple[float, float]]] = {}
        for _ in range(options.rounds):
            for grader in graders:
                count = 1 + options.submissions * grader.patience
                one, many = grader.cpu(1), grader.cpu(count)
                figures.setdefault(grader.name, []).append((one, (many - one) / (count - 1)))
    table = Table(title=f"CPU seconds, medians of {options.rounds} rounds")
    for title in ("", "one submission", "each further one", "ours"):
        table.add_column(title, justify="right" if title else "left", no_wrap=True)
    ours = 0.0
    for name, pairs in figures.items():
        one, further = (statistics.median(column) for column in zip(*pairs, strict=True))
        ours = ours or further
        ratio = f"{further / ours:.0f} times cheaper" if further != ours else ""
        table.add_row(name, f"{one:.2f}", f"{further:.2f}", ratio)
    Console().print(table)


def _environment(folder: Path) -> Path:
    uv = shutil.which("uv") or str(BIN / "uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python", python, OTTER, "ipykernel"]
    subprocess.run(install, check=True)
    return folder / "bin"


class Grader:
    """One of the three: `prepare` submissions, `run` the command, look at the `scores`.

    Attributes:
        patience: how many times as many submissions it takes to see what one costs.
    """

    name: str
    patience = 1

    def prepare(self, answers: list[str]) -> None:
        """Lay out one submission for each answer."""
        raise NotImplementedError

    def run(self) -> None:
        """Grade them."""
        raise NotImplementedError

    def scores(self) -> list[float]:
        """What they got."""
        raise NotImplementedError

    def cpu(self, count: int) -> float:
        """CPU seconds for so many submissions, after a look at whether they were graded."""
        answers = [(RIGHT, WRONG)[n % 2] for n in range(count)]
        self.prepare(answers)
        before = spent()
        self.run()
        after = spent()
        assert self.scores() == [POINTS[answer] for answer in answers], self.scores()
        return after - before


def _call(folder: Path, *command: str | Path, **environment: str) -> None:
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _afresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


# --- Ours ----------------------------------------------------------------------------------------

CATALOG = """\
[chapter]
number = 1
part = "I"
title = "Tiny"
page = "tiny"

[[exercise]]
id = "tiny.double"
title = "Double"
points = 2
minutes = 1
difficulty = 1
hints = ["", "", ""]
"""
TESTS = '''\
from autograder.testing import exercise, expect


@exercise("tiny.double")
def test_doubles_{0}(student):
    """Twice the number."""
    expect(student.tiny.double({0}), {1})
'''


class Ours(Grader):
    """`course grade`, with its self-test, its boxes and its pages."""

    name = "course grade"
    patience = 5

    def __init__(self, folder: Path) -> None:
        self.root = _afresh(folder / "ours")
        files = {
            "exercises/01-tiny/exercises.toml": CATALOG,
            "exercises/01-tiny/test_seen.py": TESTS.format(2, 4),
            "autograder/hidden/01-tiny/test_hidden.py": TESTS.format(2, 4)
            + TESTS.partition("\n\n\n")[2].format(5, 10),
            "solutions/langmodels/tiny.py": f"def double(x):\n    {RIGHT}\n",
            "src/langmodels/tiny.py": "def double(x):\n    raise NotImplementedError\n",
        }
        for name, text in files.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text)

    def prepare(self, answers: list[str]) -> None:
        """A package for each, and no two alike."""
        folder = _afresh(self.root / "submissions")
        shutil.rmtree(self.root / "out", ignore_errors=True)
        for n, answer in enumerate(answers):
            module = folder / f"{n:03}" / "langmodels" / "tiny.py"
            module.parent.mkdir(parents=True)
            module.write_text(f"# {n}\ndef double(x):\n    {answer}\n")

    def run(self) -> None:
        """One command."""
        _call(self.root, BIN / "course", "grade", "submissions", "--out", "out", "--jobs", "1")

    def scores(self) -> list[float]:
        """Of results.json."""
        found = json.loads((self.root / "out/results.json").read_text())
        return [submission["score"] for submission in found["submissions"]]


# --- nbgrader ------------------------------------------------------------------------------------


def _notebook(*cells: Any) -> Any:
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    notebook.metadata["kernelspec"] = {
        **{"name": "python3", "display_name": "Python 3", "language": "python"}
    }
    return notebook


def _graded(name: str, source: str, points: int | None = None) -> Any:
    """A cell of nbgrader's: an answer, or a test that is worth points."""
    cell = nbformat.v4.new_code_cell(source)
    kind = {"grade": bool(points), "solution": not points, "locked": bool(points)}
    kind |= {"points": points} if points else {}
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "task": False, **kind}
    return cell


class Nbgrader(Grader):
    """`nbgrader autograde`."""

    name = "nbgrader autograde"

    def __init__(self, folder: Path) -> None:
        self.root = folder / "nbgrader"
        self.template: Any = None

    def prepare(self, answers: list[str]) -> None:
        """A course of its own for each run, so that its database is as small as can be."""
        root = _afresh(self.root)
        (root / "nbgrader_config.py").write_text("c = get_config()\n")
        source = _notebook(
            _graded(
                "answer",
                f"def double(x):\n    ### BEGIN SOLUTION\n    {RIGHT}\n    ### END SOLUTION",
            ),
            _graded("seen", "assert double(2) == 4", 1),
            _graded(
                "hidden", "### BEGIN HIDDEN TESTS\nassert double(5) == 10\n### END HIDDEN TESTS", 1
            ),
        )
        (root / "source/tiny").mkdir(parents=True)
        nbformat.write(source, root / "source/tiny/tiny.ipynb")
        _call(root, BIN / "nbgrader", "generate_assignment", "tiny")
        released = nbformat.read(root / "release/tiny/tiny.ipynb", as_version=4)
        for n, answer in enumerate(answers):
            released.cells[0].source = f"def double(x):\n    {answer}"
            folder = root / "submitted" / f"s{n:03}" / "tiny"
            folder.mkdir(parents=True)
            nbformat.write(released, folder / "tiny.ipynb")

    def run(self) -> None:
        """One command."""
        _call(self.root, BIN / "nbgrader", "autograde", "tiny", PYTHONWARNINGS="ignore")

    def scores(self) -> list[float]:
        """As it exports them."""
        _call(self.root, BIN / "nbgrader", "export", "--to", "grades.csv", PYTHONWARNINGS="ignore")
        with (self.root / "grades.csv").open() as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["student_id"])
        return [float(row["score"]) for row in rows]


# --- otter-grader --------------------------------------------------------------------------------


class Otter(Grader):
    """`otter run`, once for each submission."""

    name = "otter run"

    def __init__(self, folder: Path, bin: Path) -> None:
        self.root, self.bin = _afresh(folder / "otter"), bin
        raw, code = nbformat.v4.new_raw_cell, nbformat.v4.new_code_cell
        notebook = _notebook(
            raw("# ASSIGNMENT CONFIG\nrun_tests: false\n"),
            raw("# BEGIN QUESTION\nname: double\npoints: [1, 1]\n"),
            nbformat.v4.new_markdown_cell("Double."),
            raw("# BEGIN SOLUTION"),
            code(f"def double(x):\n    {RIGHT} # SOLUTION"),
            raw("# END SOLUTION"),
            raw("# BEGIN TESTS"),
            code("assert double(2) == 4"),
            code("# HIDDEN\nassert double(5) == 10"),
            raw("# END TESTS"),
            raw("# END QUESTION"),
        )
        nbformat.write(notebook, self.root / "tiny.ipynb")
        self._otter(self.root, "assign", "tiny.ipynb", "made")
        (self.autograder,) = (self.root / "made/autograder").glob("*.zip")
        self.released = nbformat.read(self.root / "made/student/tiny.ipynb", as_version=4)

    def _otter(self, folder: Path, *words: str | Path) -> None:
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        _call(folder, self.bin / "otter", *words, PATH=path)

    def prepare(self, answers: list[str]) -> None:
        """A notebook in a folder for each."""
        self.folders = []
        place = _afresh(self.root / "submissions")
        answer_cell = next(cell for cell in self.released.cells if "def double" in cell.source)
        for n, answer in enumerate(answers):
            answer_cell.source = f"def double(x):\n    {answer}"
            folder = place / f"{n:03}"
            folder.mkdir()
            nbformat.write(self.released, folder / "tiny.ipynb")
            self.folders.append(folder)

    def run(self) -> None:
        """A command for each."""
        for folder in self.folders:
            self._otter(folder, "run", "-a", self.autograder, "tiny.ipynb")

    def scores(self) -> list[float]:
        """Of its results.json, which Gradescope would read."""
        return [
            sum(t.get("score", 0) for t in json.loads((f / "results.json").read_text())["tests"])
            for f in self.folders
        ]


if __name__ == "__main__":
    main()

"""A MOOC's worth of submissions, made up and graded: throughput, memory, two workers against one.

make course && .venv/bin/python benchmarks/mooc.py [--submissions 1000] [--only ngrams] [--jobs 1 2]

Submissions are right, wrong (mistakes of the library), half done, untouched, broken, crashing,
hanging or hostile (tests/attacks), in the shares of KINDS; names have spaces, quotes, Chinese and
emoji. All of them follow from their number, and no two are alike. Each `--jobs` grades all of them
from the beginning; CPU time is that of `course grade` and of all that it starts.
"""

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import psutil
from cpu import adopt, spent
from rich.console import Console
from rich.table import Table

from autograder.catalog import Exercise
from autograder.project import Project
from autograder.samples import replace_function
from autograder.sync import render, write_text

COURSE = str(Path(sys.executable).with_name("course"))
SEED = 2026
PARTS = 10  # of the run, for each of which there is a figure of memory
LOOK_S = 1.0

KINDS = {
    **{"right": 30, "wrong": 40, "half done": 8, "untouched": 5, "no Python": 4},
    **{"crashing": 3, "hanging": 2, "hostile": 5, "no package": 3},
}
NAMES = ("Anna", "Zoë O'Brien", 'Li "Lee" Lei', "李雷", "Ѕаша", "🦒 Ada", "=1+1", "a  b", "-rf")
ENDS = {
    "crashing": ("import os; os.abort()", "raise SystemExit", "import ctypes; ctypes.string_at(0)"),
    "hanging": ("while True: pass", "import time; time.sleep(10**6)"),
}


class Handed(NamedTuple):
    """A submission: of which kind, and what it is called."""

    kind: str
    name: str


class Class:
    """Those who take the course, each with a submission."""

    def __init__(self, project: Project, exercises: list[Exercise]) -> None:
        self.root, self.exercises = project.root, exercises
        self.ids = [exercise.id for exercise in exercises]
        self.modules = sorted({exercise.module for exercise in exercises})
        self.sources = {
            m: (self.root / f"solutions/langmodels/{m}.py").read_text("utf-8") for m in self.modules
        }
        self.right = {m: render(text, m, keep=self.ids) for m, text in self.sources.items()}
        self.mistakes = [
            (exercise.module, text)
            for exercise in exercises
            for path in sorted(self._library(exercise).glob("*.py"))
            if _is_one_function(text := path.read_text("utf-8"))
        ]
        attacks = self.root / "tests" / "attacks"
        self.base = (attacks / "_base.py").read_text("utf-8")
        texts = [path.read_text("utf-8") for path in sorted(attacks.glob("[a-z]*.py"))]
        self.attacks = [text for text in texts if "def build(" not in text]

    def _library(self, exercise: Exercise) -> Path:
        return self.root / "autograder/mistakes" / exercise.id.replace(".", "/")

    def write(self, number: int, folder: Path) -> Handed:
        """Make submission `number`: a folder, or an archive."""
        chance = random.Random(f"{SEED} {number}")
        (kind,) = chance.choices(list(KINDS), list(KINDS.values()))
        name = f"{number:06} {chance.choice(NAMES)}"
        if kind == "no package":
            path = chance.choice(BROKEN)(folder, name)
            return Handed(kind, path.name)
        for module, text in self._texts(kind, chance).items():
            # No two are alike, or one would be graded for both.
            write_text(folder / name / f"langmodels/{module}.py", f"{text}\n# {number}\n")
        return Handed(kind, name)

    def _texts(self, kind: str, chance: random.Random) -> dict[str, str]:
        texts = dict(self.right)
        if kind == "wrong":
            for module, mistake in chance.sample(self.mistakes, min(2, len(self.mistakes))):
                texts[module] = replace_function(texts[module], mistake)
        elif kind in ("half done", "untouched"):
            done = self.ids[: len(self.ids) // 2] if kind == "half done" else []
            texts = {m: render(text, m, keep=done) for m, text in self.sources.items()}
        elif kind == "no Python":
            texts[chance.choice(self.modules)] += "\n\ndef (:\n    return\n"
        elif kind in ENDS:
            exercise = chance.choice([e for e in self.exercises if e.symbol[0].islower()])
            end = f"def {exercise.symbol}(*_, **__):\n    {chance.choice(ENDS[kind])}\n"
            texts[exercise.module] = replace_function(texts[exercise.module], end)
        elif kind == "hostile":
            texts["ngrams"] = f"{self.base}\n\n{chance.choice(self.attacks)}"
        return texts


def _is_one_function(text: str) -> bool:
    """Whether a file of the library is one function and nothing that it would miss elsewhere."""
    kinds = [type(node) for node in ast.parse(text).body]
    return kinds.count(ast.FunctionDef) == 1 and set(kinds) <= {
        *(ast.Expr, ast.ImportFrom, ast.FunctionDef)
    }


def _bomb(folder: Path, name: str) -> Path:
    path = folder / f"{name}.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("langmodels/ngrams.py", "w") as member,
    ):
        for _ in range(256):
            member.write(bytes(2**20))
    return path


def _many_files(folder: Path, name: str) -> Path:
    package = folder / name / "langmodels"
    package.mkdir(parents=True)
    for number in range(10_001):
        (package / f"m{number}.py").touch()
    return package.parent


def _no_archive(folder: Path, name: str) -> Path:
    path = folder / f"{name}.tar.gz"
    path.write_bytes(b"\x1f\x8bwhatever")
    return path


def _empty(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


BROKEN: tuple[Callable[[Path, str], Path], ...] = (_bomb, _many_files, _no_archive, _empty)


# --- A run ---------------------------------------------------------------------------------------


class Figures(NamedTuple):
    """What a run took. Memory in MiB: of the grader, and of its largest examiner, part by part."""

    wall: float
    cpu: float
    grader: list[float]
    examiner: list[float]


def grade(root: Path, submissions: Path, out: Path, only: list[str], jobs: int) -> Figures:
    """Grade all of them, and watch."""
    words = [word for name in only for word in ("--only", name)]
    count = sum(1 for _ in submissions.iterdir())
    before, started = spent(), time.perf_counter()
    run = psutil.Popen(
        [COURSE, "grade", submissions, "--out", out, "--seed", "1", "--jobs", str(jobs), *words],
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    grader, examiner = [0.0] * PARTS, [0.0] * PARTS
    journal = out / "finished.jsonl"
    seen = finished = 0
    while run.poll() is None:
        time.sleep(LOOK_S)
        if journal.exists():
            with journal.open("rb") as lines:
                lines.seek(seen)
                new = lines.read()
            seen, finished = seen + len(new), finished + new.count(b"\n")
        if finished == count:
            continue  # it writes its reports
        part = finished * PARTS // count
        grader[part] = max(grader[part], _resident(run))
        try:
            children = run.children()
        except psutil.Error:
            children = []
        examiner[part] = max([examiner[part], *map(_resident, children)])
    assert run.returncode == 0, run.returncode
    return Figures(time.perf_counter() - started, spent() - before, grader, examiner)


def _resident(process: psutil.Process) -> float:
    """Without what it shares with others, by the kernel's account."""
    try:
        found = process.memory_info()
    except psutil.Error:
        return 0.0
    return float(found.rss - found.shared) / 2**20


def main() -> None:
    """Make the submissions, grade them, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--only", action="append", help="exercise or chapter; default: ngrams")
    parser.add_argument("--jobs", type=int, nargs="+", default=[2])
    options = parser.parse_args()
    adopt()
    os.environ["OMP_NUM_THREADS"] = "1"
    project = Project(Path(__file__).parent)
    only = options.only or ["ngrams"]
    console = Console()
    with tempfile.TemporaryDirectory() as name:
        submissions = Path(name, "submissions")
        submissions.mkdir()
        everybody = Class(project, project.catalog.select(only))
        handed = [everybody.write(n, submissions) for n in range(options.submissions)]
        kinds = {kind: sum(one.kind == kind for one in handed) for kind in KINDS}
        console.print(", ".join(f"{count} {kind}" for kind, count in kinds.items()))
        for jobs in options.jobs:
            out = Path(name, f"out-{jobs}")
            figures = grade(project.root, submissions, out, only, jobs)
            console.print(_table(figures, jobs, len(handed)))
            _check(out, handed)
            shutil.rmtree(out)


def _table(figures: Figures, jobs: int, count: int) -> Table:
    wall, cpu = figures.wall, figures.cpu
    title = (
        f"--jobs {jobs}: {wall:.0f} s, {3600 * count / wall:.0f} submissions an hour; "
        f"{cpu:.0f} CPU s, {cpu / count:.2f} for each; {cpu / wall:.2f} cores in use"
    )
    table = Table(title=title)
    table.add_column("largest memory of its own, MiB, in each tenth of the run")
    for part in range(PARTS):
        table.add_column(str(part + 1), justify="right")
    for who, figures_of in (("the grader", figures.grader), ("an examiner", figures.examiner)):
        table.add_row(who, *(f"{figure:.0f}" for figure in figures_of))
    return table


def _check(out: Path, handed: list[Handed]) -> None:
    """Everybody has one result, and nobody one that they must not have."""
    results = json.loads((out / "results.json").read_text("utf-8"))["submissions"]
    found = {result["name"]: result for result in results}
    assert len(found) == len(results) == len(handed)
    for kind, name in handed:
        score, most = found[name]["score"], found[name]["max_score"]
        outcomes = {exercise["outcome"] for exercise in found[name]["exercises"]}
        assert "grader_fault" not in outcomes, name
        if kind == "right":
            assert score >= most > 0, (name, score, most)
        elif kind in ("untouched", "no package"):
            assert score == 0, (name, kind, score)
        elif kind == "hostile":  # for which nothing is right where nothing is asked for
            assert score <= most / 5, (name, score, most)
        elif kind != "half done":
            assert score < most or len(outcomes) > 1, (name, kind, score)


if __name__ == "__main__":
    main()

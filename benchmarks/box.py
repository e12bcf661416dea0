"""What the box costs, beside the bars that it has to keep.

make bench                          or alone: python benchmarks/box.py

CPU time is that of grader, zygote and boxes together, by the kernel's clocks. Bars on wall time
are for the shortest of n, which other work on the machine disturbs least.
"""

import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from autograder import box, examiner, isolation
from autograder.catalog import Limits, load_catalog
from autograder.examiner import Suite, Target, examine
from autograder.farside import Load
from autograder.grade import grade_one
from autograder.project import Project
from autograder.samples import write_samples
from autograder.student import RemotePackage, Student

SEED = 1
MEGABYTE = 2**20
TICK_S = 1 / os.sysconf("SC_CLK_TCK")

PACKAGE = """\
import math

import torch


def nothing():
    return None


def first(*tensors):
    return tensors[0]


def attention(query, key, value):
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    return torch.softmax(scores, -1) @ value
"""

CATALOG = """\
[chapter]
number = 1
part = "I"
title = "Tensors"
page = "tensors"

[[exercise]]
id = "tensors.attention"
title = "Attention"
points = 1
minutes = 1
difficulty = 1
hints = ["", "", ""]
"""
TESTS = 30
SUITE = """\
import torch
from torch.nn.functional import scaled_dot_product_attention

from autograder.testing import exercise, expect
"""
TEST = '''

@exercise("tensors.attention")
def test_attention_of_{0}_tokens(student):
    """Attention is the mean of the values, weighted by the softmax of the scores."""
    query, key, value = torch.randn(3, 2, {0}, 16, generator=torch.Generator().manual_seed({0}))
    expected = scaled_dot_product_attention(query, key, value)
    expect(student.tensors.attention(query, key, value), expected, tolerance=1e-5)
'''


# --- Clocks ---------------------------------------------------------------------------------------


class Clocks:
    """CPU time of this process, of its zygotes, and of their boxes, in seconds."""

    def __init__(self) -> None:
        self.zygotes: list[int] = []
        self.boxes: list[int] = []  # those that live; the others are on their zygote's account

    def grader(self) -> float:
        """Of this process alone."""
        return time.process_time()

    def far(self) -> float:
        """Of zygotes and boxes."""
        return sum(map(_clock, self.zygotes + self.boxes)) + sum(map(_reaped, self.zygotes))

    def all(self) -> float:
        """Of everybody."""
        return self.grader() + self.far()


def _clock(pid: int) -> float:
    """CPU time of a process that lives: the clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime((~pid << 3) | 2)


def _reaped(pid: int) -> float:
    """CPU time of the children that a process has waited for, to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) * TICK_S


# --- The table ------------------------------------------------------------------------------------


class Figures:
    """Rows of the table, and what is to be said below it."""

    def __init__(self) -> None:
        self.table = Table(title="the box", caption="bars on wall time are for the minimum")
        for title in ("", "n", "wall, min", "median", "CPU", "bar"):
            self.table.add_column(title, justify="right" if title else "left")
        self.missed: list[str] = []
        self.remarks: list[str] = []

    def add(
        self,
        what: str,
        walls: list[float],
        cpu: float,
        wall_bar: float | None = None,
        cpu_bar: float | None = None,
    ) -> None:
        """One row: wall times of n runs and CPU time of one, all in seconds."""
        bars = []
        for kind, got, bar in (("wall", min(walls), wall_bar), ("CPU", cpu, cpu_bar)):
            if bar is not None:
                bars.append(f"{kind} ≤ {_time(bar)} {'✓' if got <= bar else '✗'}")
                if got > bar:
                    self.missed.append(f"{what}: {kind} {_time(got)}, the bar is {_time(bar)}")
        times = (min(walls), statistics.median(walls), cpu)
        self.table.add_row(what, str(len(walls)), *map(_time, times), ", ".join(bars))


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if abs(seconds) >= 0.1 else f"{seconds * 1000:.3g} ms"


def times(work: Callable[[], Any], n: int) -> list[float]:
    """Wall time of each of n runs."""
    walls = []
    for _ in range(n):
        started = time.perf_counter()
        work()
        walls.append(time.perf_counter() - started)
    return walls


# --- What is measured -----------------------------------------------------------------------------


def starts_of_zygotes(figures: Figures, clocks: Clocks) -> None:
    """How long until a zygote can fork."""
    for what, imports, n in (("without torch", [], 3), ("with torch", ["torch"], 1)):
        started = clocks.all()
        zygotes: list[box.Zygote] = []
        walls = times(
            lambda imports=imports, zygotes=zygotes: zygotes.append(box.Zygote(imports)), n
        )
        figures.add(f"zygote starts, {what}", walls, (clocks.all() - started) / n)
        for zygote in zygotes:
            clocks.zygotes.remove(zygote._process.pid)
            zygote.close()


def opened(load: Load) -> box.Box:
    """A box in which torch is imported."""
    return box.Box(load, Limits(), ["torch"])


def life_of_a_box(figures: Figures, clocks: Clocks, load: Load, n: int = 20) -> None:
    """From the request to the first answer, then to the end."""
    births, deaths, birth_cpu, death_cpu = [], [], [], []
    with opened(load):
        zygote = clocks.zygotes[-1]  # it has just been started
    for _ in range(n):
        before, started = clocks.grader() + _clock(zygote), time.perf_counter()
        with opened(load) as one:
            one.ask("load")
            Student(RemotePackage(one)).tensors.nothing()
            births.append(time.perf_counter() - started)
            between = clocks.grader() + _clock(zygote)
            birth_cpu.append(between - before + _clock(one._pid))
            # Its own end is on the account of the dead, which counts in hundredths of a second.
            at_end, dead = _clock(one._pid), _reaped(zygote)
            started = time.perf_counter()
        deaths.append(time.perf_counter() - started)
        own = max(0.0, _reaped(zygote) - dead - at_end)
        death_cpu.append(clocks.grader() + _clock(zygote) - between + own)
    figures.add(
        "box, from request to first answer", births, statistics.median(birth_cpu), None, 0.05
    )
    figures.add("box is killed and reaped", deaths, statistics.mean(death_cpu))


def calls(figures: Figures, clocks: Clocks, load: Load) -> None:
    """What one call costs beyond its own work, by the size of what crosses."""
    small = torch.randn(3, 2, 8, 16)
    trainable = [tensor.clone().requires_grad_() for tensor in small]
    with opened(load) as one:
        one.ask("load")
        clocks.boxes.append(one._pid)
        student = Student(RemotePackage(one)).tensors

        def there_and_back() -> None:
            student.attention(*trainable).sum().backward()

        def one_way(size: int) -> Callable[[], Any]:
            tensor = torch.zeros(size // 4)
            return lambda: student.first(tensor)

        for what, work, n, bar in (
            ("call with nothing", student.nothing, 300, None),
            ("call with three small tensors", lambda: student.first(*small), 300, 0.0002),
            ("call with 1 MB each way", one_way(MEGABYTE), 40, 0.005),
            ("call with 16 MB each way", one_way(16 * MEGABYTE), 8, None),
            ("forward and backward, small", there_and_back, 100, None),
        ):
            work()
            before = clocks.all()
            walls = times(work, n)
            figures.add(what, walls, (clocks.all() - before) / n, bar)
        clocks.boxes.remove(one._pid)


def self_test(figures: Figures, clocks: Clocks) -> None:
    """All doors tried, as at the start of every `course grade`."""
    before = clocks.all()
    found: list[isolation.Isolation] = []
    walls = times(lambda: found.append(isolation.prove()), 1)
    figures.add(f"self-test, {len(found[0].properties)} properties", walls, clocks.all() - before)


def one_more_submission(figures: Figures, clocks: Clocks, root: Path) -> None:
    """Thirty small tests of tensors in boxes, in this process, and under plain pytest."""
    chapter, hidden = root / "exercises/01-tensors", root / "hidden/01-tensors"
    package = root / "src/langmodels"
    for folder in (chapter, hidden, package):
        folder.mkdir(parents=True)
    (chapter / "exercises.toml").write_text(CATALOG)
    (package / "__init__.py").touch()
    (package / "tensors.py").write_text(PACKAGE)
    tests = hidden / "test_tensors.py"
    tests.write_text(SUITE + "".join(TEST.format(n + 1) for n in range(TESTS)))
    catalog = load_catalog(root / "exercises")
    exercises, suite = catalog.select([]), Suite(root / "hidden", visible=False)
    target = Target("one more", {"tensors.py": PACKAGE.encode()})

    def run(near: bool) -> None:
        found = examine([target], exercises, suite, catalog, root, SEED, near=near)
        results = found.results["one more"]["tensors.attention"]
        assert [result.outcome for result in results] == ["passed"] * TESTS, results[0]

    def measured(near: bool) -> tuple[list[float], float]:
        run(near)  # whatever is imported and compiled once
        before = clocks.all()
        walls = times(lambda: run(near), 3)
        return walls, (clocks.all() - before) / len(walls)

    near_walls, near_cpu = measured(near=True)
    walls, cpu = measured(near=False)
    figures.add(f"{TESTS} small tests, boxed, warm zygote", walls, cpu, 3.0)
    figures.add("the same tests near, without a box", near_walls, near_cpu)
    over = [max(0.0, wall - min(near_walls)) for wall in walls]
    figures.add("so the boxes cost", over, cpu - near_cpu, None, 1.0)

    command = [sys.executable, "-m", "pytest", "-q", "-p", "autograder.plugin"]
    command += ["-p", "no:cacheprovider", "--import-mode=importlib", f"--rootdir={root}", tests]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(root / "src"), *sys.path])}
    quiet = subprocess.DEVNULL
    before = _children()
    walls = times(lambda: subprocess.run(command, env=environment, check=True, stdout=quiet), 1)
    figures.add("plain pytest, with its start and torch's", walls, _children() - before)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class NotedZygote(box.Zygote):
    """A zygote whose clock is read."""

    clocks: Clocks

    def __init__(self, imports: Sequence[str], accelerator: bool = False) -> None:
        super().__init__(imports, accelerator)
        self.clocks.zygotes.append(self._process.pid)


class CountedBox(box.Box):
    """A box that counts."""

    boxes = calls = 0

    def __enter__(self) -> "CountedBox":
        CountedBox.boxes += 1
        return super().__enter__()

    def ask(self, action: str, *arguments: Any, **options: Any) -> Any:
        """Count the calls among what is asked."""
        CountedBox.calls += action == "call"
        return super().ask(action, *arguments, **options)


@contextlib.contextmanager
def counted() -> Iterator[None]:
    """While this lasts, the examiner's boxes count."""
    examiner.Box, original = CountedBox, examiner.Box
    try:
        yield
    finally:
        examiner.Box = original


def complete_sample(figures: Figures, clocks: Clocks, folder: Path) -> None:
    """The bundled submission in which all is right, with the whole hidden suite."""
    project = Project(Path(__file__).parent)
    write_samples(project.root, folder)
    ids = list(project.catalog.exercises)
    before = clocks.grader(), clocks.far()
    with counted():
        walls = times(lambda: grade_one(project.root, folder / "complete", ids, SEED), 1)
    grader, far = clocks.grader() - before[0], clocks.far() - before[1]
    figures.add("the complete sample is graded", walls, grader + far)
    figures.remarks.append(
        f"the complete sample: {CountedBox.boxes} boxes, {CountedBox.calls} calls; "
        f"CPU of the examiner {_time(grader)}, of zygote and boxes {_time(far)}"
    )


def main() -> None:
    """Measure everything and print one table."""
    torch.set_num_threads(1)
    figures, clocks = Figures(), Clocks()
    NotedZygote.clocks, box.Zygote = clocks, NotedZygote  # type: ignore[misc]
    load = Load(files={"tensors.py": PACKAGE.encode()}, module="tensors")
    starts_of_zygotes(figures, clocks)
    self_test(figures, clocks)
    life_of_a_box(figures, clocks, load)
    calls(figures, clocks, load)
    with tempfile.TemporaryDirectory() as folder:
        one_more_submission(figures, clocks, Path(folder) / "course")
        complete_sample(figures, clocks, Path(folder) / "samples")
    console = Console()
    console.print(figures.table)
    for remark in figures.remarks:
        console.print(remark)
    for missed in figures.missed:
        console.print(f"bar missed: {missed}")
    if not figures.missed:
        console.print("all bars are kept")


if __name__ == "__main__":
    main()

"""What the tests know about each assignment: one module for each, with an `ASSIGNMENT`."""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Assignment:
    """A notebook that nbgrader gives out, and how people answer it."""

    folder: str  # in exercises/
    notebook: str
    module: str  # of the package that it builds on
    needs: tuple[str, str]  # the exercises that the setup misses first and last
    automatic: dict[str, int]  # points of the cells that tests grade
    manual: dict[str, int]  # of those that a person grades
    # Other right answers, as another hand would write them. One of them also writes to stderr,
    # "a progress bar", seen by the test `noisy`.
    alternatives: dict[str, str]
    noisy: str
    # Wrong answers that students give: cell, what is wrong, the code, the tests that see it.
    mistakes: list[tuple[str, str, str, set[str]]]
    # One submission with some of them; the other answers are right, in another hand.
    mistaken: set[str]
    complaint: tuple[str, str]  # a test that fails in it, and what it says
    written: dict[str, str]
    only_shown: set[str]  # answers that only show numbers, taken from the source

    @property
    def name(self) -> str:
        return Path(self.notebook).stem

    @property
    def source(self) -> Path:
        return ROOT / "exercises" / self.folder / self.notebook

    @property
    def points(self) -> int:
        return sum(self.automatic.values()) + sum(self.manual.values())


ASSIGNMENTS: list[Assignment] = [
    import_module(f"{__name__}.{module.name}").ASSIGNMENT for module in iter_modules(__path__)
]


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

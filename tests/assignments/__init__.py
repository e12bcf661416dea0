"""What the tests know about each assignment: one module for each, with an `ASSIGNMENT`."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

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

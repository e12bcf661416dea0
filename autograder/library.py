"""The library: for each exercise solutions that are known to be wrong, and others that are right.

A file of it ends the exercise's module when it runs: what it defines takes the place of the
module's own. Its docstring says in the first line what it does.
"""

import ast
from pathlib import Path

import msgspec

from autograder.catalog import Exercise

COST_ONLY = "# Only its cost is wrong."  # in a mistake: what it answers is right


class Mistake(msgspec.Struct, frozen=True):
    """A known wrong solution: what it does wrong, why that is a misconception, where to read on.

    All of it is in the file's docstring: a line for the title, the why, and a last line
    `See: page#anchor` where the book has a better place than the exercise's card.
    """

    exercise: str
    path: Path
    title: str
    why: str
    see: str = ""  # where the book explains it, page#anchor; by default the exercise's card
    cost_only: bool = False


class Alternative(msgspec.Struct, frozen=True):
    """A right solution that is written in another way, and in which."""

    path: Path
    title: str


def load_mistakes(root: Path, exercise: Exercise) -> list[Mistake]:
    """The exercise's mistakes, by file name. Empty in a student's repository."""
    return [
        Mistake(exercise.id, path, title, why, see, COST_ONLY in path.read_text(encoding="utf-8"))
        for path, title, why, see in _files(root / "autograder" / "mistakes", exercise)
    ]


def mistakes_in_answers(root: Path, exercise: Exercise) -> list[Mistake]:
    """Those that tests which only see answers can notice, in the same order."""
    return [mistake for mistake in load_mistakes(root, exercise) if not mistake.cost_only]


def load_alternatives(root: Path, exercise: Exercise) -> list[Alternative]:
    """The exercise's alternatives, by file name. Empty in a student's repository."""
    return [
        Alternative(path, title.removeprefix("Right: ").rstrip("."))
        for path, title, *_ in _files(root / "autograder" / "alternatives", exercise)
    ]


def _files(folder: Path, exercise: Exercise) -> list[tuple[Path, str, str, str]]:
    """Path, title, the rest of the docstring, and what it refers to."""
    found = []
    for path in sorted((folder / exercise.module / exercise.symbol).glob("*.py")):
        doc = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        text, _, see = doc.partition("\nSee: ")
        title, _, rest = text.partition("\n")
        found.append((path, title.strip(), " ".join(rest.split()), see.strip()))
    return found

"""The catalog: every exercise of the course, read from exercises/NN-chapter/exercises.toml.

Cards in the book, the command line, points, reports and releases all come from here.
"""

import difflib
import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec

from autograder.errors import CourseError


class CatalogError(CourseError):
    """A mistake in a catalog file; the message names the file and the line."""


class UnknownExerciseError(CourseError):
    """No exercise or chapter has this name; the message suggests the nearest."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one test of an exercise may use. Seconds, mebibytes, kibibytes.

    By default there is no second process and no writable folder.
    """

    wall_s: float = 20.0
    cpu_s: float = 10.0
    memory_mb: int = 2048
    output_kb: int = 64
    processes: int = 0


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to build. `id` is module.symbol, and also its test marker and book anchor."""

    id: str
    title: str
    points: float
    minutes: int
    difficulty: int  # 1 (a warm-up) to 5 (an evening)
    hints: list[str]  # a question, a hint, pseudocode
    needs: list[str] = []
    stretch: bool = False
    page: str = ""  # the book page with its card, where it is not the chapter's first
    # The ready-made version of what is to be built: names that the source must not use
    # (torch.nn.LSTM) and operators that must not run (aten::lstm). `waived` allows them again.
    forbids: list[str] = []
    waived: bool = False
    # Where the exercise is to write tests: the function that they are for, which `needs` then has.
    tests_for: str = ""
    limits: Limits = Limits()

    @property
    def module(self) -> str:
        """The module under langmodels that holds it."""
        return self.id.partition(".")[0]

    @property
    def symbol(self) -> str:
        """The function or class to fill in."""
        return self.id.partition(".")[2]

    def is_tested_in(self, text: str) -> bool:
        """Whether a file of tests has one of its: it names the exercise, as @exercise takes it."""
        return f'"{self.id}"' in text


class Chapter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chapter of the book and its exercises, in the order to do them."""

    number: int
    part: str
    title: str
    page: str  # its first page in the book: the file name without suffix
    goals: list[str] = []  # what one can do after it, each the end of "you can …"
    forbids: list[str] = []  # by each of its exercises
    exercises: tuple[Exercise, ...] = ()
    folder: Path = Path()

    def card_of(self, exercise: Exercise) -> str:
        """Where the book has the card of an exercise of this chapter: page#anchor."""
        anchor = re.sub("[^a-z0-9]+", "-", exercise.id.lower()).strip("-")  # as MyST makes it
        return f"{exercise.page or self.page}#{anchor}"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    chapter: Chapter
    exercise: list[Exercise]


class Catalog(msgspec.Struct):
    """All chapters, in order."""

    chapters: list[Chapter]

    @property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise by id, in the order of the course."""
        return {e.id: e for chapter in self.chapters for e in chapter.exercises}

    def chapter_of(self, exercise: Exercise) -> Chapter:
        """The chapter that the exercise belongs to."""
        return next(c for c in self.chapters if exercise in c.exercises)

    def with_exercise(self, exercise: Exercise) -> "Catalog":
        """The same with this exercise in the place of the one of its id."""
        chapters = [
            msgspec.structs.replace(
                chapter,
                exercises=tuple(exercise if e.id == exercise.id else e for e in chapter.exercises),
            )
            for chapter in self.chapters
        ]
        return Catalog(chapters)

    def select(self, names: list[str]) -> list[Exercise]:
        """The exercises with these ids, or of these chapters (number, page or folder name).

        No name selects all. Raises UnknownExerciseError with the nearest name.
        """
        if not names:
            return list(self.exercises.values())
        chosen: dict[str, Exercise] = {}
        for name in names:
            chapters = [c for c in self.chapters if name in (str(c.number), c.page, c.folder.name)]
            if name in self.exercises:
                chosen[name] = self.exercises[name]
            elif chapters:
                chosen |= {e.id: e for e in chapters[0].exercises}
            else:
                raise UnknownExerciseError(self._suggest(name))
        return [e for e in self.exercises.values() if e.id in chosen]

    def pick(self, name: str) -> Exercise:
        """The exercise with this id. Raises UnknownExerciseError also for a chapter's name."""
        first = self.select([name])[0]
        if name not in self.exercises:
            advice = f"name one of its exercises, such as {first.id}"
            raise UnknownExerciseError(f"{name!r} is a chapter; {advice}")
        return first

    def _suggest(self, name: str) -> str:
        symbols = {e.symbol: e.id for e in self.exercises.values()}
        known = [*self.exercises, *symbols, *(c.page for c in self.chapters)]
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        written = re.fullmatch(r"(?:ch|chap|chapter)?[\W_]*0*(\d+)", name, re.IGNORECASE)
        if written and any(c.number == int(written[1]) for c in self.chapters):
            near = [written[1]]
        advice = f"did you mean {symbols.get(near[0], near[0])}?" if near else "see: course status"
        return f"there is no exercise or chapter called {name!r}; {advice}"

    def needed_by(self, exercise: Exercise) -> list[str]:
        """The ids of everything the exercise builds on, however indirectly."""
        found: dict[str, None] = {}
        waiting = list(exercise.needs)
        while waiting:
            id = waiting.pop(0)
            if id not in found:
                found[id] = None
                waiting += self.exercises[id].needs
        return list(found)


@cache
def load_catalog(folder: Path) -> Catalog:
    """Read the catalog of every chapter under `folder` (the repository's exercises/).

    Raises CatalogError, with file and line, where a file is not what it should be.
    """
    chapters = [_load_chapter(path) for path in sorted(folder.glob("*/exercises.toml"))]
    if not chapters:
        raise CatalogError(f"no */exercises.toml in {folder}")
    catalog = Catalog(chapters)
    ids: set[str] = set()
    for chapter in chapters:
        path = chapter.folder / "exercises.toml"
        for entry, exercise in enumerate(chapter.exercises):
            if exercise.id in ids:
                raise _error(path, f"{exercise.id} is there twice", entry, r"^\s*id\s*=")
            for need in exercise.needs:
                if need not in ids:
                    where = "comes later" if need in catalog.exercises else "does not exist"
                    problem = f"{exercise.id} needs {need}, which {where}"
                    raise _error(path, problem, entry, f"[\"']{re.escape(need)}[\"']")
            if problem := _fault_of_tests(exercise):
                raise _error(path, problem, entry, r"^\s*tests_for\s*=")
            ids.add(exercise.id)
    return catalog


def _load_chapter(path: Path) -> Chapter:
    try:
        content = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(f"{path}: {error}") from None
    except msgspec.ValidationError as error:
        raise _located(path, str(error)) from None
    chapter = content.chapter
    exercises = tuple(_completed(exercise, chapter) for exercise in content.exercise)
    return msgspec.structs.replace(chapter, exercises=exercises, folder=path.parent)


def _completed(exercise: Exercise, chapter: Chapter) -> Exercise:
    if exercise.tests_for:  # what is ready-made is the best thing to compare with
        needs = [exercise.tests_for, *exercise.needs]
        return msgspec.structs.replace(exercise, needs=needs)
    return msgspec.structs.replace(exercise, forbids=[*chapter.forbids, *exercise.forbids])


def _fault_of_tests(exercise: Exercise) -> str:
    """What is wrong with an exercise to write tests, or ""."""
    if not exercise.tests_for:
        return ""
    if not exercise.symbol.startswith("test_"):
        return f"{exercise.id} has tests_for: pytest finds functions only that begin with test_"
    if not exercise.tests_for.partition(".")[2][:1].islower():
        return f"{exercise.id} can be for a function only, not for {exercise.tests_for}"
    return ""


def _located(path: Path, problem: str) -> CatalogError:
    """Turn msgspec's "… - at `$.exercise[3].points`" into a line number."""
    entry = re.search(r"exercise\[(\d+)\]", problem)
    key = re.search(r"unknown field `(\w+)`", problem) or re.search(r"\.(\w+)[^.]*`$", problem)
    return _error(
        path,
        problem.partition(" - at")[0],
        int(entry[1]) if entry else None,
        rf"^\s*{key[1]}\s*=" if key else "",
    )


def _error(path: Path, problem: str, entry: int | None, pattern: str) -> CatalogError:
    """The error with its line: the first that matches, from the header of exercise `entry` on."""
    lines = path.read_text(encoding="utf-8").splitlines()
    headers = [n for n, text in enumerate(lines) if re.match(r"\s*\[\[\s*exercise\s*\]\]", text)]
    start = headers[entry] if entry is not None and entry < len(headers) else 0
    matches = (n for n in range(start, len(lines)) if pattern and re.search(pattern, lines[n]))
    return CatalogError(f"{path}, line {next(matches, start) + 1}: {problem}")

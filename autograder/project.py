"""The repository that a command works in, and the little that is remembered in it.

Everything remembered is in `.course/` at the root and may be deleted at any time.
"""

import json
import platform
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from autograder.catalog import Catalog, Exercise, load_catalog
from autograder.errors import CourseError
from autograder.examiner import Suite
from autograder.results import ExerciseResult
from autograder.submission import digest_of, read_package
from autograder.sync import render, write_text

# Where a student's repository keeps its stubs as they were released.
ORIGINALS = "autograder/stubs"


GRADER = Path(__file__).parent
LIBRARY = {"hidden", "mistakes", "alternatives"}  # beside the grader's own code, by exercise


def grader_files() -> dict[str, bytes]:
    """The grader's own code and templates: name below autograder/ → content."""
    return {
        path.relative_to(GRADER).as_posix(): path.read_bytes()
        for path in GRADER.rglob("*")
        if path.relative_to(GRADER).parts[0] not in LIBRARY
        and path.is_file()
        and path.suffix != ".pyc"
    }


class ProjectError(CourseError):
    """The command cannot work here; the message says why and what to do."""


class Project:
    """A repository of the course, found from any folder inside it."""

    def __init__(self, start: Path) -> None:
        """Raises ProjectError outside a repository of the course."""
        for folder in (start, *start.parents):
            if (folder / "exercises").is_dir() and (folder / "src" / "langmodels").is_dir():
                self.root = folder
                return
        raise ProjectError(
            f"{start} is not inside a repository of the course: "
            "change into the folder that holds exercises/ and src/, then run the command again"
        )

    @cached_property
    def catalog(self) -> Catalog:
        """The exercises."""
        return load_catalog(self.root / "exercises")

    @property
    def visible(self) -> Suite:
        """The tests that a student reads and runs."""
        return Suite(self.root / "exercises", visible=True)

    @property
    def hidden(self) -> Suite:
        """The tests that grade."""
        return Suite(self.root / "autograder" / "hidden", visible=False)

    @property
    def secrets(self) -> list[Path]:
        """What no submission may read."""
        own = self.root / "autograder"
        folders = [own / name for name in ("hidden", "mistakes", "alternatives")]
        return [*folders, self.root / "solutions"]

    def suite_digest(self) -> str:
        """A name for what a score depends on here: hidden tests, reference and catalog."""
        folders = {"autograder/hidden": "*.py", "solutions": "*.py", "exercises": "exercises.toml"}
        # What tests that students write are tried on.
        folders |= {"autograder/mistakes": "*.py", "autograder/alternatives": "*.py"}
        paths = [p for f, pattern in folders.items() for p in (self.root / f).rglob(pattern)]
        return digest_of({p.relative_to(self.root).as_posix(): p.read_bytes() for p in paths})

    def rules_digest(self) -> str:
        """A name for all that a result depends on here, but for the submission and the seed.

        That is the suite, and beside it the visible tests (they give the examples), the stubs, the
        grader's own code, the lock file, and the versions of Python and torch.
        """
        files = {"suite": self.suite_digest().encode()}
        files |= {
            f"stubs/{n}": text for n, text in read_package(self.package / "langmodels").items()
        }
        visible = [*(self.root / "exercises").rglob("*.py"), self.root / "requirements.lock"]
        for path in filter(Path.exists, visible):
            files[path.relative_to(self.root).as_posix()] = path.read_bytes()
        files |= {f"grader/{name}": text for name, text in grader_files().items()}
        files["versions"] = f"{platform.python_version()} {version('torch')}".encode()
        return digest_of(files)

    @property
    def package(self) -> Path:
        """The folder with the student's langmodels/."""
        return self.root / "src"

    def module(self, exercise: Exercise) -> Path:
        """The file in which the exercise is solved."""
        return self.package / "langmodels" / f"{exercise.module}.py"

    def stub(self, exercise: Exercise) -> str:
        """The exercise's module as students got it.

        Raises ProjectError where it is not to be had.
        """
        file = f"langmodels/{exercise.module}.py"
        released = self.root / ORIGINALS / file
        if released.exists():
            return released.read_text(encoding="utf-8")
        reference = self.root / "solutions" / file
        if reference.exists():
            return render(reference.read_text(encoding="utf-8"), exercise.module)
        raise ProjectError(f"the stub of {exercise.id} is not in this repository; try git checkout")

    # --- what is remembered ---

    def recall(self, name: str) -> dict[str, Any]:
        """A remembered table, empty where there is none (or none that can be read)."""
        try:
            content = json.loads((self.root / ".course" / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    def remember(self, name: str, table: dict[str, Any]) -> None:
        """Keep a table. Raises OSError where nothing can be written."""
        text = json.dumps(table, indent=1, ensure_ascii=False)
        write_text(self.root / ".course" / f"{name}.json", text)

    def remember_results(self, exercises: list[ExerciseResult]) -> None:
        """Keep how each exercise ended at the last check."""
        results = self.recall("results")
        results |= {e.id: {"outcome": e.outcome, "score": e.score} for e in exercises}
        self.remember("results", results)

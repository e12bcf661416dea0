"""Where a student stands, and the commands that go with it: status, watch, reset."""

import ast
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
from rich.console import Console
from rich.text import Text

from autograder.catalog import Exercise
from autograder.project import Project
from autograder.results import WORDS, Outcome
from autograder.survey import survey
from autograder.sync import write_text
from autograder.terminal import exercise_table

# In a chapter of a student's repository: exercise → what hidden_checks gives.
HIDDEN_CHECKS = "hidden.json"


class Standing(msgspec.Struct):
    """One exercise as of the last check; `outcome` is None if it was written and not checked."""

    id: str
    title: str
    chapter: int
    points: float
    score: float
    outcome: Outcome | None
    stretch: bool


class Progress(msgspec.Struct):
    """All exercises, the points so far (stretch on top), and what to do next."""

    exercises: list[Standing]
    score: float
    max_score: float
    next: str | None
    schema: int = 1


def current(project: Project) -> Progress:
    """Read where the student stands from the source and from the last check."""
    modules = {exercise.module for exercise in project.catalog.exercises.values()}
    open_ids = {
        id
        for module in modules
        if (path := project.package / "langmodels" / f"{module}.py").exists()
        for id in survey(path.read_bytes(), module).unwritten
    }
    results = project.recall("results")
    standings = []
    for chapter in project.catalog.chapters:
        for e in chapter.exercises:
            entry = results.get(e.id, {})
            outcome = Outcome(entry["outcome"]) if entry else None
            if e.id in open_ids:
                outcome, entry = Outcome.NOT_STARTED, {}
            elif outcome is Outcome.NOT_STARTED:
                outcome = None
            score = float(entry.get("score", 0.0))
            standings.append(
                Standing(e.id, e.title, chapter.number, e.points, score, outcome, e.stretch)
            )
    following = next_exercise(project, list(project.catalog.exercises.values()), standings)
    return Progress(
        exercises=standings,
        score=sum(s.score for s in standings),
        max_score=sum(s.points for s in standings if not s.stretch),
        next=following.id if following else None,
    )


def next_exercise(
    project: Project, among: Sequence[Exercise], standings: Sequence[Standing] | None = None
) -> Exercise | None:
    """The first exercise that does not pass yet, stretch last."""
    standings = current(project).exercises if standings is None else standings
    done = {s.id for s in standings if s.outcome in (Outcome.PASSED, Outcome.NO_GPU)}
    waiting = sorted((e for e in among if e.id not in done), key=lambda e: e.stretch)
    return waiting[0] if waiting else None


def print_status(console: Console, project: Project, progress: Progress) -> None:
    """The table of all exercises, and the next step."""
    for chapter in project.catalog.chapters:
        console.print(Text(f"Chapter {chapter.number} · {chapter.title}", "bold"))
        rows = []
        for s in progress.exercises:
            if s.chapter == chapter.number:
                sign, words = WORDS[s.outcome] if s.outcome else ("?", "not checked yet")
                bonus = "bonus" if s.stretch else ""
                row = (sign, s.id, s.title, f"{s.score:g}/{s.points:g}", bonus, words)
                rows.append([*map(Text, row)])
        console.print(exercise_table(rows, console.width))
    console.print(f"\n{progress.score:g} of {progress.max_score:g} points")
    if progress.next:
        exercise = project.catalog.exercises[progress.next]
        file = project.module(exercise).relative_to(project.root)
        console.print(f"next: {exercise.title}: fill in {exercise.symbol} in {file},")
        console.print(f"      then run: course check {exercise.id}")
    else:
        console.print("Everything passes its visible tests.")


def hidden_checks(project: Project, exercise: Exercise) -> list[tuple[str, float]]:
    """What grading checks beyond the visible tests: (property in words, weight).

    Only the public first line of each hidden test is read. A student's repository holds these
    lines instead of the tests.
    """
    released = project.catalog.chapter_of(exercise).folder / HIDDEN_CHECKS
    if released.exists():
        table = msgspec.json.decode(released.read_bytes(), type=dict[str, list[tuple[str, float]]])
        return table.get(exercise.id, [])
    files = project.hidden.files(project.catalog, [exercise])
    checks = (check for path in files for check in _checks(path.read_text(encoding="utf-8")))
    return [(what, weight) for id, what, weight in checks if id == exercise.id]


@cache  # a chapter's tests are in few files
def _checks(source: str) -> list[tuple[str, str, float]]:
    """Each test of a file: the exercise that it is for, its docstring's first line, its weight."""
    found = []
    tests = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    for node in tests:
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(func=ast.Name(id="exercise"), args=[ast.Constant(value=str(id))]):
                    keywords = {k.arg: ast.literal_eval(k.value) for k in decorator.keywords}
                    what = (ast.get_docstring(node) or node.name).partition("\n")[0]
                    found.append((id, what, float(keywords.get("weight", 1))))
    return found


def changes(*folders: Path) -> Iterator[set[Path]]:
    """Once at the start, then whenever files in these folders are saved: which ones.

    Network drives and WSL often send no events, so there the files are looked at in turn.
    """
    import watchfiles

    yield set()
    polling = "microsoft" in Path("/proc/version").read_text().lower() if _has_proc() else None
    for found in watchfiles.watch(*folders, force_polling=polling, recursive=False):
        yield {Path(path) for _, path in found}


def _has_proc() -> bool:
    return Path("/proc/version").exists()


def reset_exercise(project: Project, exercise: Exercise) -> Path:
    """Restore the stub of one exercise; the file as it was is kept.

    Returns the path of the backup. Where the file cannot be parsed, or there is nothing in it, all
    of it is restored.
    Raises ProjectError where the stub is not to be had, OSError where nothing can be written.
    """
    stub = project.stub(exercise)
    path = project.module(exercise)
    own = path.read_bytes() if path.exists() else b""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    backup = project.root / ".course" / "backups" / f"{stamp}-{path.name}"
    backup.parent.mkdir(parents=True, exist_ok=True)
    backup.write_bytes(own)
    write_text(path, _with_stub(own, stub, exercise.symbol))
    return backup.relative_to(project.root)


def _with_stub(own: bytes, stub: str, symbol: str) -> str:
    """The student's file with one definition replaced by its stub, or appended."""
    try:
        text = own.decode()
        here = _span(text, symbol)
    except (SyntaxError, ValueError):
        return stub
    if not text.strip():
        return stub
    there = _span(stub, symbol)
    assert there
    replacement = stub.splitlines()[there[0] - 1 : there[1]]
    lines = text.splitlines()
    if here:
        lines[here[0] - 1 : here[1]] = replacement
    else:
        lines += ["", "", *replacement]
    return re.sub(r"\n*\Z", "\n", "\n".join(lines))


def _span(text: str, symbol: str) -> tuple[int, int] | None:
    """First and last line of a top-level definition, decorators included."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == symbol:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return first, node.end_lineno or node.lineno
    return None

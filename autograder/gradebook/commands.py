"""`course gradebook …`: the commands. What they do is in course.py.

Imports that cost time stand inside the functions: `course --help` must answer at once.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.terminal import current_project, err, out, progress_bar, submissions_at

if TYPE_CHECKING:
    from autograder.gradebook.course import Change, Course, Row

app = typer.Typer(no_args_is_help=True)

Folder = Annotated[
    Path, typer.Option("--in", help="the gradebook's folder", envvar="COURSE_GRADEBOOK")
]
HERE = Path("gradebook")
Db = Annotated[str, typer.Option("--db", help="where grades are kept, e.g. postgresql://HOST/NAME")]
Assignment = Annotated[str, typer.Argument(help="a chapter's page, e.g. ngrams")]
Students = Annotated[list[str] | None, typer.Option("--student", help="only this one")]
Jobs = Annotated[int, typer.Option(min=1, help="submissions at a time")]
ALL_CORES = os.cpu_count() or 1
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="run without isolation: only code that you trust")
]


@contextmanager
def _course(folder: Path, db: str) -> "Iterator[Course]":
    """The gradebook in a folder, for this command alone."""
    from autograder.gradebook.settings import GradebookError

    try:
        import nbgrader  # noqa: F401
    except ModuleNotFoundError:
        message = "the gradebook needs nbgrader: install it with uv pip install -e '.[notebooks]'"
        raise GradebookError(message) from None
    from autograder.gradebook.course import Course

    course = Course(current_project(), folder, db)
    with course.alone():
        yield course


@app.command()
def init(folder: Folder = HERE) -> None:
    """Make a folder for a gradebook, with its settings in course.toml."""
    from autograder.gradebook.settings import initialise

    initialise(current_project(), folder)
    out.print(f"wrote {folder / 'course.toml'}: enter due dates and the late policy there")
    out.print("next: course gradebook generate")


@app.command()
def generate(
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="[ASSIGNMENT]...", help="default: all chapters")
    ] = None,
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Enter assignments, and write what students get to release/."""
    with _course(folder, db) as course:
        for name in course.generate(assignments or []):
            out.print(f"{name}: {course.folder / 'release' / name}")


@app.command()
def collect(
    assignment: Assignment,
    paths: Annotated[list[Path], typer.Argument(metavar="SUBMISSIONS...", help="as for grade")],
    times: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns submission and time: when each was received"),
    ] = None,
    received: Annotated[
        str, typer.Option(help="when the others were received, e.g. 2030-01-31T23:59:00+00:00")
    ] = "",
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Take submissions in: folders or archives with langmodels/ and the notebook."""
    from autograder.reports.words import line

    submissions = submissions_at(paths)
    with _course(folder, db) as course:
        from autograder.gradebook import course as books

        known = books.read_times(times) if times else {}
        rest = books.parse_time(received) if received else None
        done = course.collect(assignment, submissions, known, rest)
    for one in done:
        for note in one.notes:
            text = f"{line(one.name)}: {line(note)}"
            err.print(Text.assemble(("! ", "yellow"), text), soft_wrap=True)
    if others := books.strangers(known, submissions):
        names = ", ".join(map(line, others[:5])) + (", …" if len(others) > 5 else "")
        text = f"{times}: no submission is called {names}"
        err.print(Text.assemble(("! ", "yellow"), text), soft_wrap=True)
    taken = [one for one in done if one.taken]
    out.print(f"collected {len(taken)} of {len(submissions)} submissions of {assignment}")
    if unknown := sum(not one.is_timed for one in taken):
        out.print(f"of {unknown} it is not known when they were received: they are not late")
    out.print(f"next: course gradebook grade {assignment}")


@app.command()
def grade(
    assignment: Assignment,
    students: Students = None,
    results: Annotated[
        Path | None, typer.Option(help="enter these of course gpu merge: a results.json")
    ] = None,
    jobs: Jobs = ALL_CORES,
    unsafe: Unsafe = False,
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Grade what is new, package and notebook, and enter the points."""
    _grade(assignment, students or [], jobs, unsafe, seed, folder, db, results)


@app.command()
def regrade(
    assignment: Assignment,
    students: Students = None,
    jobs: Jobs = ALL_CORES,
    unsafe: Unsafe = False,
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Grade everything again, and show which points have changed. What a person gave stays."""
    _grade(assignment, students or [], jobs, unsafe, seed, folder, db, again=True)


def _grade(
    assignment: str,
    students: list[str],
    jobs: int,
    unsafe: bool,
    seed: int | None,
    folder: Path,
    db: str,
    results: Path | None = None,
    again: bool = False,
) -> None:
    from autograder.results import read_report
    from autograder.teaching import proven_isolation

    with _course(folder, db) as course:
        given = read_report(results) if results else None
        paths = course.submitted(assignment, students)
        isolation = proven_isolation(course.project, unsafe)
        seed = secrets.randbelow(2**31) if seed is None else seed
        with progress_bar("grading", len(paths)) as step:
            done = course.grade(
                assignment, isolation, seed, jobs, students, again, given=given, step=step
            )
        rows = course.rows([assignment])
    _print_rows(rows)
    _print_changes(done.changes, again)
    for problem in done.problems:
        out.print(Text.assemble(("to look at: ", "yellow"), problem), soft_wrap=True)
    n_kept = len(paths) - done.ran
    out.print(f"\ngraded {done.ran}" + (f"; {n_kept} had not changed" if n_kept else ""))
    out.print(f"for yourself   {done.index}")
    if waiting := sum(row.waiting > 0 for row in rows):
        out.print(f"{waiting} wait for a person: course gradebook formgrader")
    out.print(f"next: course gradebook feedback {assignment}; course gradebook export --to FILE")


def _print_rows(rows: "list[Row]") -> None:
    from autograder.reports.words import line, points

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("student", overflow="fold")
    parts = list(dict.fromkeys(part for row in rows for part in row.parts))
    for title in [*parts, "late", "score"]:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("")
    for row in rows:
        waiting = f"{row.waiting} to grade by hand" if row.waiting else ""
        table.add_row(
            Text(line(row.student)),
            *(points(row.parts.get(part, 0.0)) for part in parts),
            f"-{points(row.late)}" if row.late else "",
            f"{points(row.score)} / {points(row.max_score)}",
            waiting,
        )
    out.print(table)


def _print_changes(changes: "list[Change]", always: bool) -> None:
    from autograder.reports.words import line, points

    if not changes:
        if always:
            out.print("\nNo points have changed.")
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("changed", overflow="fold")
    table.add_column("cell", overflow="fold")
    for title in ("before", "now"):
        table.add_column(title, justify="right", no_wrap=True)
    for change in changes:
        scores = ["-" if s is None else points(s) for s in (change.before, change.now)]
        table.add_row(Text(line(change.student)), Text(change.cell), *scores)
    out.print()
    out.print(table)


@app.command()
def extension(
    student: Annotated[str, typer.Argument(help="as the submission is called")],
    assignment: Assignment,
    days: Annotated[float, typer.Option(min=0)] = 0,
    hours: Annotated[float, typer.Option(min=0)] = 0,
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Give one student more time than course.toml says; without a time, take it back."""
    from autograder.reports.words import line

    with _course(folder, db) as course:
        due = course.extend(student, assignment, timedelta(days=days, hours=hours))
    out.print(Text(f"{line(student)}, {assignment}: due {due}"))


@app.command()
def feedback(
    assignment: Assignment,
    students: Students = None,
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Write the pages that students get back."""
    with _course(folder, db) as course:
        folders = course.feedback(assignment, students or [])
        rows = course.rows([assignment])
        _warn_of(course, rows)
    for path in folders:
        out.print(Text(str(path)), soft_wrap=True)


@app.command()
def export(
    to: Annotated[Path, typer.Option("--to", help="the file to write")],
    assignments: Annotated[
        list[str] | None, typer.Argument(metavar="[ASSIGNMENT]...", help="default: all")
    ] = None,
    canvas: Annotated[Path | None, typer.Option(help="fill in a gradebook of Canvas's")] = None,
    column: Annotated[str, typer.Option(help="with --canvas: the assignment's column")] = "",
    moodle: Annotated[Path | None, typer.Option(help="fill in a worksheet of Moodle's")] = None,
    scale: Annotated[
        bool, typer.Option("--scale", help="bring scores to the platform's maximum")
    ] = False,
    folder: Folder = HERE,
    db: Db = "",
) -> None:
    """Write the gradebook as CSV, or into the table of a learning platform."""
    from autograder.export import CANVAS, MOODLE
    from autograder.gradebook.tables import fill_in, to_csv
    from autograder.sync import write_text

    with _course(folder, db) as course:
        rows = course.rows(assignments or [])
        _warn_of(course, rows)
    if table := canvas or moodle:
        if (canvas and moodle) or len({row.assignment for row in rows}) != 1:
            raise typer.BadParameter("a platform's table takes one assignment: name it")
        filled = fill_in(rows, table, CANVAS if canvas else MOODLE, column, scale)
        write_text(to, filled.text)
        out.print(f"{filled.entered} scores entered in {to}")
        for reason in filled.left:
            out.print(Text.assemble(("left to you: ", "yellow"), reason), soft_wrap=True)
        return
    write_text(to, to_csv(rows))
    out.print(f"wrote {to}: {len(rows)} lines")


def _warn_of(course: "Course", rows: "list[Row]") -> None:
    """Say what is not final."""
    from autograder.reports.words import line

    for assignment in dict.fromkeys(row.assignment for row in rows):
        if old := course.outdated(assignment):
            names = ", ".join(map(line, old[:5])) + (", …" if len(old) > 5 else "")
            text = f"{assignment}: {len(old)} not graded as they are now: {names}"
            err.print(Text.assemble(("! ", "yellow"), text), soft_wrap=True)
        if waiting := sum(row.waiting > 0 for row in rows if row.assignment == assignment):
            text = f"{assignment}: {waiting} wait for a person"
            err.print(Text.assemble(("! ", "yellow"), text), soft_wrap=True)


@app.command()
def formgrader(
    folder: Folder = HERE,
    db: Db = "",
    port: Annotated[int, typer.Option(help="where it listens, on this machine only")] = 8888,
) -> None:
    """Open nbgrader's formgrader, in which a person grades written answers."""
    from autograder.gradebook.course import formgrader_command

    with _course(folder, db) as course:
        course.apply_late_policy()
        command, environment = formgrader_command(course, port)
    out.print("Grade under Manual Grading; what you enter is in the gradebook at once.")
    out.print("Then `course gradebook feedback` and `export`. Stop with Ctrl-C.")
    os.chdir(course.folder)
    os.execve(command[0], command, environment)

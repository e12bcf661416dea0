"""The `course` command. Each function is one subcommand; what they do is in the other modules.

Here are the commands that students have; teaching.py adds those of instructors and authors.

Imports that cost time stand inside the functions: `course --help` must answer at once.
"""

import os
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from autograder.errors import CourseError
from autograder.terminal import (
    CHECKS_FAILED,
    INTERRUPTED,
    WRONG_USE,
    AsJson,
    Names,
    current_project,
    err,
    out,
    print_json,
    progress_bar,
)

if TYPE_CHECKING:
    from autograder.catalog import Exercise
    from autograder.project import Project
    from autograder.results import Report

app = typer.Typer(
    name="course",
    help="From N-grams to Mamba: build language models, and find out whether they are right.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line; every known problem ends in one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # signs that a terminal cannot show
            stream.reconfigure(errors="replace")
    try:
        app()
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _complain("stopped by Ctrl-C; nothing is half-written")
        raise
    except BrokenPipeError:
        # The reader of our output has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if not isinstance(error, CourseError | OSError):
            raise
        message = str(error)
        if isinstance(error, OSError) and error.filename and error.strerror:
            message = f"{error.filename}: {error.strerror}"
        if isinstance(error, PermissionError):
            message += "; make it writable, for instance with chmod u+w"
        _complain(message)
        sys.exit(WRONG_USE)


def _complain(message: str) -> None:
    from autograder.reports.words import plain

    err.print(Text.assemble(("course: ", "bold red"), plain(message)), soft_wrap=True)


def _default_seed() -> int:
    from autograder.plugin import DEFAULT_SEED

    return DEFAULT_SEED


# --- For students -----------------------------------------------------------------------------


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show what is done, what is not, and what to do next."""
    from autograder.progress import current, print_status

    project = current_project()
    progress = current(project)
    if as_json:
        print_json(progress)
    else:
        print_status(out, project, progress)


@app.command()
def check(
    names: Names = None,
    as_json: AsJson = False,
    seed: Annotated[int | None, typer.Option(help="replay a run with its seed")] = None,
    on_github: Annotated[
        bool, typer.Option("--github", help="in a job of GitHub's: annotations, summary, outputs")
    ] = False,
) -> None:
    """Run the visible tests on your code in src/ and say what is wrong."""
    if as_json and on_github:
        raise typer.BadParameter("--github writes the JSON to build/check/; leave --json out")
    project = current_project()
    exercises = project.catalog.select(names or [])
    report = _check(project, exercises, _default_seed() if seed is None else seed, as_json)
    if on_github:
        _tell_github(project, report)
    raise typer.Exit(0 if _all_passed(report) else CHECKS_FAILED)


def _check(
    project: "Project", exercises: "list[Exercise]", seed: int, as_json: bool = False
) -> "Report":
    from autograder import grade, reports
    from autograder.results import to_json

    with progress_bar("checking", hidden=as_json) as step:
        report = grade.check(project, exercises, seed, progress=step)
    if as_json:
        typer.echo(to_json(report))
    else:
        reports.print_check(out, report.submissions[0], project.catalog)
        _print_hidden_checks(project, exercises)
    # Last, so that a folder that cannot be written costs nobody the diagnosis.
    project.remember_results(report.submissions[0].exercises)
    return report


def _tell_github(project: "Project", report: "Report") -> None:
    from autograder.reports import github

    for command in github.annotations(project, report.submissions[0]):
        typer.echo(command)
    github.write_check(report, project.root / "build" / "check")


def _print_hidden_checks(project: "Project", exercises: "list[Exercise]") -> None:
    from autograder.progress import hidden_checks

    if len(exercises) != 1 or not (properties := hidden_checks(project, exercises[0])):
        return
    table = Table("weight", "grading also checks", box=None, padding=(0, 2, 0, 0))
    for text, weight in properties:
        table.add_row(f"{weight:g}", Text(text))
    out.print()
    out.print(table)


@app.command()
def watch(names: Names = None) -> None:
    """Check again whenever you save; stop with Ctrl-C."""
    from autograder.progress import changes, next_exercise

    project = current_project()
    seed = _default_seed()
    chosen = project.catalog.select(names or [])
    out.print(f"watching {project.package.relative_to(project.root)}/ (stop with Ctrl-C)")
    for _ in changes(project.package / "langmodels"):
        out.clear()
        following = next_exercise(project, chosen)
        if following is None:
            out.print("Every exercise passes its visible tests.")
            return
        report = _check(project, [following], seed)
        if _all_passed(report) and (after := next_exercise(project, chosen)):
            out.print(f"\n{following.id} passes. Next: {after.title} ({after.id})")


@app.command()
def hint(id: str) -> None:
    """Show the next hint for an exercise: a question, then a hint, then pseudocode."""
    project = current_project()
    exercise = project.catalog.pick(id)
    shown = project.recall("hints")
    count = min(int(shown.get(exercise.id, 0)) + 1, len(exercise.hints))
    for number, text in enumerate(exercise.hints[:count], start=1):
        out.print(Text(f"Hint {number} of {len(exercise.hints)}", "bold"))
        out.print(Text(f"{text.strip()}\n"))
    project.remember("hints", shown | {exercise.id: count})


@app.command()
def reset(id: str) -> None:
    """Put the stub of an exercise back; your version is kept in .course/backups/."""
    from autograder.progress import reset_exercise

    project = current_project()
    exercise = project.catalog.pick(id)
    backup = reset_exercise(project, exercise)
    out.print(f"{exercise.id} is a stub again; your version is in {backup}")


@app.command()
def update(
    source: Annotated[Path, typer.Argument(metavar="RELEASE", help="its folder or archive")],
) -> None:
    """Bring a later release of the course in; what you wrote stays."""
    from autograder.update import update as bring_in

    done = bring_in(current_project(), source)
    n_new = len(done.replaced) + len(done.removed)
    out.print(f"release {done.version}: {n_new} files replaced, none of them yours")
    for path in done.merged:
        out.print(f"merged   {path}: your code, with what the release changed around it")
    for path in done.kept:
        out.print(f"kept     {path} as you wrote it; the new one: {done.beside}/{path}")


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Tell what this machine has, what is missing, and how to get it."""
    from autograder.doctor import examine_machine

    findings = examine_machine(current_project())
    if as_json:
        print_json(findings)
        return
    table = Table(box=None, show_header=False)
    for finding in findings:
        sign = Text("✓", "green") if finding.good else Text("✗", "red")
        table.add_row(sign, Text(finding.subject), Text(finding.state), Text(finding.advice))
    out.print(table)


@app.command()
def book(
    serve: Annotated[
        bool, typer.Option("--serve", help="then serve it on localhost, with your progress")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="serve it from its sources; saved pages show at once")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="also print the whole book to a PDF")] = False,
    edition: Annotated[
        str, typer.Option(help="class (no solutions) or self-study (solutions folded in)")
    ] = "class",
    port: Annotated[int, typer.Option(help="port for --serve and --watch")] = 8000,
    base_url: Annotated[
        str, typer.Option(envvar="BASE_URL", help="path below which it will be served: /course")
    ] = "",
) -> None:
    """Build the book; read it, write it, or print it."""
    from autograder import book as press

    project = current_project()
    if watch:
        from autograder.serving import serve_live

        serve_live(project, port, edition, base_url)
        return
    folder = press.build(project.root, edition, base_url)
    out.print(f"the book is in {folder}")
    if pdf:
        from autograder.printing import print_book

        file = project.root / "build" / f"book-{edition}.pdf"
        pages = print_book(folder, edition, file)
        out.print(f"the same on paper: {file} ({pages} pages)")
    if serve:
        from autograder.serving import serve as serve_site

        serve_site(project, folder, port, base_url)


def _all_passed(report: "Report") -> bool:
    from autograder.results import Outcome

    exercises = [e for s in report.submissions for e in s.exercises]
    return all(e.outcome is Outcome.PASSED for e in exercises if not e.stretch)


# What instructors and authors do is not part of a student's repository.
if find_spec("autograder.teaching"):
    app.add_typer(import_module("autograder.teaching").app)

# A terminal that goes away ends the command as Ctrl-C does.
signal.signal(signal.SIGTERM, signal.default_int_handler)

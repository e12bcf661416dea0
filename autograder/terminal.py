"""What the commands share: the terminal's streams, options, and where they work."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograder.project import Project

CHECKS_FAILED, WRONG_USE, REFUSED, INTERRUPTED = 1, 2, 3, 130

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID or chapter]...", help="exercises or chapters; default: all"),
]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document instead of text")]


def current_project() -> "Project":
    """The repository around the current folder. Raises ProjectError outside one."""
    from autograder.project import Project

    return Project(Path.cwd())


def print_json(value: object) -> None:
    """The one document on standard output."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


@contextmanager
def progress_bar(what: str, total: int | None = None, hidden: bool = False) -> "Iterator[Any]":
    """A bar on the terminal's error stream that is gone when the work is done."""
    from rich.progress import Progress

    with Progress(console=err, transient=True, disable=hidden or not err.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda *_: bar.advance(task)

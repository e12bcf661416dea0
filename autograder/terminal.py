"""What the commands share: the terminal's streams, options, and where they work."""

import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress
    from rich.table import Table

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


def submissions_at(paths: "list[Path]") -> "list[Path]":
    """All submissions at these paths; says which files beside them are none.

    Raises SubmissionError where there is none.
    """
    from autograder.reports.words import line
    from autograder.submission import ARCHIVES, find_submissions

    others: list[Path] = []
    found = [one for path in paths for one in find_submissions(path, others.append)]
    for file in others:
        text = f"left out: {line(file.name)} is neither a folder nor one of {', '.join(ARCHIVES)}"
        err.print(Text.assemble(("! ", "yellow"), text), soft_wrap=True)
    return found


def print_json(value: object) -> None:
    """The one document on standard output."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value)).decode())


ID, TITLE = 1, 2  # columns of a table of exercises
LEAST_TITLE = 20  # in less room it would be a column of letters
MOST_WORDS = 20  # how wide the last column is, where room is short


def exercise_table(rows: "list[list[Text]]", width: int, gap: int = 1) -> "Table":
    """A line for each exercise: sign, id, title, and more. Where there is no room, no titles.

    Ids are copied, so that titles and the last column give way to them.
    """
    from rich.table import Table

    widths = [max(text.cell_len for text in column) for column in zip(*rows, strict=True)]
    if sum(widths) + gap * len(widths) > width:
        widths[-1] = min(widths[-1], MOST_WORDS)
    room = width - sum(w + gap for n, w in enumerate(widths) if n != TITLE) - gap
    shown = [n for n in range(len(widths)) if n != TITLE or room >= min(widths[n], LEAST_TITLE)]
    broken = TITLE if TITLE in shown else ID
    rest = sum(widths[n] + gap for n in shown if n != broken)
    widths[broken] = max(1, min(widths[broken], width - rest - gap))
    table = Table(box=None, show_header=False, padding=(0, gap, 0, 0))
    for n in shown:
        table.add_column(width=widths[n], overflow="fold")
    for row in rows:
        table.add_row(*(row[n] for n in shown))
    return table


LOG_S = 60  # where nobody watches a bar, a line so often


class Steps:
    """What a piece of work reports to: call it for each step that is done."""

    def __init__(self, what: str, total: int | None, bar: "Progress", is_logged: bool) -> None:
        self._what, self._total, self._done = what, total, 0
        self._bar, self._is_logged = bar, is_logged
        self._task = bar.add_task(what, total=total)
        self._started = self._said = time.monotonic()

    def __call__(self, *_: object) -> None:
        """A step is done."""
        self._done += 1
        self._bar.advance(self._task)
        is_open = self._total and self._done < self._total
        if is_open and self._is_logged and time.monotonic() > self._said + LOG_S:
            self._said = time.monotonic()
            rest = (self._total or 0) - self._done
            left = (self._said - self._started) / self._done * rest
            time_left = timedelta(seconds=round(left))
            err.print(f"{self._what}: {self._done} of {self._total}, {time_left} left")

    def skip(self) -> None:
        """There is a step less to do: it took no time, and tells nothing of the others."""
        if self._total is not None:
            self._total -= 1
            self._bar.update(self._task, total=self._total)


@contextmanager
def progress_bar(what: str, total: int | None = None, hidden: bool = False) -> "Iterator[Steps]":
    """A bar on the terminal's error stream that is gone when the work is done.

    It estimates the time that is left. A log gets a line a minute instead.
    """
    from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

    bar = Progress(
        *(Progress.get_default_columns() if total else Progress.get_default_columns()[:2]),
        *([MofNCompleteColumn(), TimeElapsedColumn()] if total else []),
        console=err,
        transient=True,
        disable=hidden or not err.is_terminal,
        speed_estimate_period=600,  # a step may take a minute
    )
    with bar:
        yield Steps(what, total, bar, is_logged=not hidden and not err.is_terminal)

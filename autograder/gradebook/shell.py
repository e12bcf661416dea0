"""Runs a notebook's cells in a box, as a kernel would, but over the box's own line: no socket.

Shipped into the box as support. It shares the interpreter with the student's code, so what it
says is a claim; notebook.py reads it as such.
"""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell

MAX_TEXT = 50_000  # characters that a cell may show
SHOWN = ("text/plain", "image/png")  # nothing that a browser would run

# There is no folder to write in.
HistoryManager.enabled = False  # type: ignore[assignment]
HistoryManager.hist_file = ":memory:"  # type: ignore[assignment]
results: list[dict[str, str]] = []  # what the running cell has shown
errors: list[list[Any]] = []


def show(data: dict[str, Any]) -> None:
    """Keep what of a result can be shown safely."""
    found = {kind: str(data[kind]) for kind in SHOWN if kind in data}
    if isinstance(data.get("image/png"), bytes):
        import base64

        found["image/png"] = base64.b64encode(data["image/png"]).decode()
    results.append(found)


class Publisher(DisplayPublisher):
    """Takes what display() shows."""

    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        """Keep it."""
        show(data)


class Hook(DisplayHook):
    """Takes the value of a cell's last line."""

    def write_output_prompt(self) -> None:
        """There is no prompt."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        """Keep it."""
        show(format_dict)

    def finish_displayhook(self) -> None:
        """There is no line to end."""


class Shell(InteractiveShell):
    """An interactive Python without a terminal."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        errors.append([str(getattr(etype, "__name__", etype)), str(evalue), list(map(str, stb))])

    def init_ipython_dir(self, ipython_dir: Any) -> None:
        """There is no folder to write in."""

    def init_profile_dir(self, profile_dir: Any) -> None:
        """Nor in this one."""

    def enable_gui(self, gui: Any = None) -> None:
        """There are no windows."""

    def init_virtualenv(self) -> None:
        """There is none to find."""


shell = Shell.instance(displayhook_class=Hook, display_pub_class=Publisher, history_length=0)
shell.colors = "NoColor"
if "matplotlib.pyplot" in sys.modules:
    shell.enable_matplotlib("inline")  # type: ignore[no-untyped-call]


def run_cell(source: str) -> dict[str, Any]:
    """Run a cell: what it printed, what it showed, and how it failed if it did."""
    results.clear()
    errors.clear()
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        end = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
    if not end.success and not errors:
        errors.append([type(end.error_before_exec or end.error_in_exec).__name__, "", []])
    return {
        "text": printed.getvalue()[:MAX_TEXT],
        "results": results[:50],
        "error": errors[0] if errors else None,
    }

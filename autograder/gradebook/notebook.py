"""A student's notebook: read as data, laid over the released one, run in a box.

nbgrader never sees what was handed in, only the released notebook with the student's answers in
it and outputs that are plain text and pictures. It starts no kernel.
"""

import base64
import binascii
import copy
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder import wire
from autograder.box import Box, StudentFaultError
from autograder.catalog import Limits
from autograder.errors import CourseError
from autograder.farside import Load
from autograder.results import WORDS
from autograder.submission import MAX_MEMBER_BYTES

MAX_CELLS, MAX_SOURCE = 1000, 200_000
MAX_PICTURE_BYTES, MAX_LINES = 2**20, 200
# A whole notebook, from its first cell to its last.
LIMITS = Limits(wall_s=300, cpu_s=180, memory_mb=4096, output_kb=1024)
# What takes long to import, and what needs a folder to write in when it is imported in a box.
IMPORTS = {
    "torch": ("torch",),
    "matplotlib": ("matplotlib.pyplot", "matplotlib_inline.backend_inline"),
}
MAX_DEATHS = 3  # so often a cell may end the process; what comes after it still runs
PROBLEM = "problem"  # the id of a cell that says what is wrong with what was handed in
SHELL = Path(__file__).with_name("shell.py")


class NotebookError(CourseError):
    """A file is no notebook that can be graded; the message says why."""


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    metadata: dict[str, Any] = {}
    id: str = ""


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []


class Answer(msgspec.Struct):
    """A cell as it was handed in; `grade_id` is empty where the student has added it."""

    kind: str
    source: str
    grade_id: str = ""
    id: str = ""


def read(content: bytes, released: Any) -> list[Answer]:
    """The cells of a stranger's notebook, without outputs and attachments.

    It must have come from the released one.

    Raises NotebookError.
    """
    if len(content) > MAX_MEMBER_BYTES:
        raise NotebookError(f"it is larger than {MAX_MEMBER_BYTES // 2**20} MiB")
    try:
        found = msgspec.convert(json.loads(content.decode("utf-8-sig")), _Notebook)
    except (ValueError, RecursionError, msgspec.ValidationError):
        raise NotebookError("it is no Jupyter notebook, or a damaged one") from None
    if found.nbformat != 4:
        raise NotebookError(f"its format is {found.nbformat}, not 4: save it with Jupyter again")
    if len(found.cells) > MAX_CELLS:
        raise NotebookError(f"it has more than {MAX_CELLS} cells")
    answers = [_answer(cell) for cell in found.cells]
    if not {answer.grade_id for answer in answers} & _marked(released).keys():
        raise NotebookError("it is another notebook than the assignment's, or all marks are gone")
    return answers


def _answer(cell: _Cell) -> Answer:
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    flags = cell.metadata.get("nbgrader")
    id = flags.get("grade_id") if isinstance(flags, dict) else ""
    if len(source) > MAX_SOURCE:
        raise NotebookError(f"a cell of it has more than {MAX_SOURCE:,} characters")
    kind = "code" if cell.cell_type == "code" else "markdown"
    return Answer(kind, _clean(source), id if isinstance(id, str) else "", cell.id)


def _marked(notebook: Any) -> dict[str, Any]:
    """nbgrader's cells by their grade_id."""
    cells = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    return {cell.metadata.nbgrader.grade_id: cell for cell in cells}


def _clean(text: str) -> str:
    """Text that any file and database can hold."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _without_markup(text: str) -> str:
    r"""Markdown without HTML and links: whoever grades by hand opens it in a browser, and both can
    run a script there.

    What makes a tag or a link gets a space, which formulas do not notice; MathJax's \\href as well.
    """
    for pattern in (r"<(?=[A-Za-z/!?])", r"\](?=[(:])", r"\\(?=href\b)"):
        text = re.sub(pattern, r"\g<0> ", text)
    return text


def laid_over(released: Any, answers: Sequence[Answer], problem: str = "") -> Any:
    """The released notebook with the answers in it.

    A cell that is locked is the released one, and one that was removed is there again. Cells that
    the student has added stay where they are. `problem` is said at the top.
    """
    own = _marked(released)
    placed: list[Any] = []
    seen: dict[str, Any] = {}
    for number, answer in enumerate(answers):
        if answer.grade_id in own and answer.grade_id not in seen:
            cell = seen[answer.grade_id] = copy.deepcopy(own[answer.grade_id])
            if cell.metadata.nbgrader.solution and answer.source != cell.source:
                is_code = cell.cell_type == "code"
                cell.source = answer.source if is_code else _without_markup(answer.source)
        else:
            cell = _added(f"added-{number}", answer.kind, answer.source)
        placed.append(cell)
    before = None
    for id, cell in own.items():
        if id not in seen:
            seen[id] = copy.deepcopy(cell)
            at = next((n + 1 for n, other in enumerate(placed) if other is before), 0)
            placed.insert(at, seen[id])
        before = seen[id]
    if problem:
        placed.insert(0, _added(PROBLEM, "markdown", f"**{problem}**"))
    notebook = copy.deepcopy(released)
    notebook.cells = placed
    return notebook


def _added(id: str, kind: str, source: str) -> Any:
    source = source if kind == "code" else _without_markup(source)
    if kind == "code":
        return new_code_cell(source, id=id)
    return new_markdown_cell(source, id=id)


# --- Running it -----------------------------------------------------------------------------------


class Shown(msgspec.Struct):
    """What a cell shows: what it printed, its results by MIME type, and how it failed.

    `error` is the exception's name, its text and the lines of a traceback.
    """

    text: str = ""
    results: list[dict[str, str]] = []
    error: tuple[str, str, list[str]] | None = None


FORGED = "its tests do not fail where they must: it changes how they end; look at its code"


def execute(notebook: Any, files: Mapping[str, bytes], given: Mapping[str, bytes]) -> list[str]:
    """Run the cells in a box, one after the other, and put what they show into the notebook.

    Where a cell ends the process, the others run again without it.

    Args:
        files: the student's package; `given`: where modules come from that it leaves out.

    Returns:
        what a person should look at before the automatic points count, a line each.

    Raises:
        BoxError: if no box can be had; that is not the student's fault.
    """
    load = Load(dict(files), dict(given), support=SHELL.read_text(encoding="utf-8"))
    text = "\n".join(cell.source for cell in notebook.cells)
    imports = ["IPython", *(name for word in IMPORTS if word in text for name in IMPORTS[word])]
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    fatal: dict[int, Shown] = {}
    remarks: list[str] = []
    for _ in range(MAX_DEATHS + 1):
        shown, is_honest = _run(load, imports, [cell.source for cell in cells], fatal)
        if not is_honest:
            remarks = [FORGED]
        if len(shown) == len(cells):
            break
    not_run = Shown(error=("NotRun", "not run: cells before it have ended the process", []))
    shown += [fatal.get(number, not_run) for number in range(len(shown), len(cells))]
    for number, (cell, one) in enumerate(zip(cells, shown, strict=True), start=1):
        cell.execution_count = number
        cell.outputs = [nbformat.from_dict(output) for output in _outputs(cell, one)]
    return remarks


def _run(
    load: Load, imports: Sequence[str], sources: Sequence[str], fatal: dict[int, Shown]
) -> tuple[list[Shown], bool]:
    """Once through, without the cells in `fatal`, up to one that ends the process: it goes there.

    Returns:
        what the cells show, and whether a test that must fail did so at the end.
    """
    shown: list[Shown] = []
    error: tuple[str, str, list[str]]
    with Box(load, LIMITS, imports) as box:

        def run(source: str) -> Shown:
            answer = box.ask("call", "support", "run_cell", [source], {}, False, True, [])
            return msgspec.convert(answer[0], Shown)

        try:
            box.ask("load")
            for number, source in enumerate(sources):
                shown.append(fatal[number] if number in fatal else run(source))
            secret = secrets.token_hex(8)
            end = run(f"assert {secret!r} == {secret[::-1]!r}, {secret!r}").error
            return shown, end is not None and end[:2] == ("AssertionError", secret)
        except StudentFaultError as fault:
            error = (WORDS[fault.outcome][1], fault.message, [])
        except (wire.ProtocolError, msgspec.ValidationError, TypeError, LookupError):
            error = ("no answer", "the process answered with something that is no answer", [])
    if len(shown) == len(sources):  # the test at the end has ended it
        return shown, False
    fatal[len(shown)] = Shown(error=error)
    return shown, True


def _outputs(cell: Any, shown: Shown) -> Iterator[dict[str, Any]]:
    """No HTML and no script; of a test only what was printed and how it failed.

    nbgrader takes a number after a test for its score, and anything on stderr for a failure.
    """
    if shown.text:
        yield {"output_type": "stream", "name": "stdout", "text": _clean(shown.text)}
    is_test = cell.metadata.get("nbgrader", {}).get("grade", False)
    for result in [] if is_test else shown.results:
        data = {"text/plain": _clean(result.get("text/plain", ""))}
        if _is_picture(picture := result.get("image/png", "")):
            data["image/png"] = picture
        yield {"output_type": "display_data", "metadata": {}, "data": data}
    if shown.error:
        kind, text, lines = shown.error
        # Of the way to the error, what is in the notebook and in the student's package.
        own = [s for s in lines if not s.startswith("File ") or s.startswith("File langmodels/")]
        own = [_clean(line) for line in own or [f"{kind}: {text}"]][-MAX_LINES:]
        error = {"ename": _clean(kind), "evalue": _clean(text), "traceback": own}
        yield {"output_type": "error"} | error


def _is_picture(text: str) -> bool:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return content.startswith(b"\x89PNG\r\n") and len(content) <= MAX_PICTURE_BYTES

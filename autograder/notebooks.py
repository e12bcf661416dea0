"""The book's notebooks: run them, store them in one plain form, and check what is stored.

Stored: text, and pictures as PNG; nothing that differs from run to run (times, paths, progress
bars) or that a page does not show. The book's build itself never executes anything.
"""

import base64
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat

from autograder.errors import CourseError

MAX_PICTURE, MAX_FILE = 150_000, 300_000  # bytes
COLOURS = 64  # of a stored picture: enough for lines and letters, a third of the bytes
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SHOWN = ("image/png", "text/html", "text/plain")
# An absolute path, a progress bar, an address in memory.
UNSTABLE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr)/|\d%\||\b0x[0-9a-f]{6,}")


def normalise(notebook: Any) -> Any:
    """Take away, in place, whatever depends on when and where the notebook ran."""
    plain: Any = nbformat.from_dict  # without annotations
    number = 0
    notebook.metadata = plain({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = plain({"tags": sorted(tags)} if tags else {})
        cell.source = cell.source.strip("\n")
        if cell.cell_type != "code":
            continue
        cell.execution_count = number = number + 1
        outputs: list[Any] = []
        for output in cell.outputs:
            last: Any = outputs[-1] if outputs else {}
            if "text" in output and last.get("name") == output.name:
                last.text += output.text  # where the kernel cut the stream is chance
                continue
            if "data" in output:
                output.metadata = plain({})
                shown = {name: output.data[name] for name in SHOWN if name in output.data}
                png = shown.get("image/png")  # the text beside a picture is only its name
                output.data = plain({"image/png": _small(png)} if png else shown)
            if "execution_count" in output:
                output.execution_count = number
            outputs.append(output)
        cell.outputs = outputs
    return notebook


def _small(picture: str) -> str:
    """The PNG with a palette and without metadata; one that has a palette stays as it is."""
    from PIL import Image

    image, target = Image.open(io.BytesIO(base64.b64decode(picture))), io.BytesIO()
    if image.mode == "P":
        return picture
    image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        target, "PNG", optimize=True
    )
    return base64.b64encode(target.getvalue()).decode()


def faults(notebook: Any, n_bytes: int) -> list[str]:
    """Which rules of the book a normalised notebook breaks; `n_bytes` is the size of its file."""
    found = [f"the file has {n_bytes:,} bytes, more than {MAX_FILE:,}"] * (n_bytes > MAX_FILE)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = "".join([output.get("text", ""), *map(data.get, SHOWN[1:], ("", ""))])
            if output.output_type == "error" or output.get("name") == "stderr":
                found.append(f"{cell.id} stores an error or a warning")
            if unstable := UNSTABLE.search(text):
                found.append(f"{cell.id} prints {unstable[0]!r}, which differs from run to run")
            if picture := data.get("image/png"):
                size = len(base64.b64decode(picture))
                if size > MAX_PICTURE:
                    found.append(f"{cell.id} draws {size:,} bytes, more than {MAX_PICTURE:,}")
                if not re.search(r"^#\| alt: *\S", cell.source, re.MULTILINE):
                    found.append(f"{cell.id} draws a picture and has no line `#| alt: …`")
    return found


class NotebookError(CourseError):
    """A notebook is not there, or a cell of it fails; the message says which."""


def find(root: Path, names: Sequence[str]) -> list[Path]:
    """The book's notebooks with these names (`ngrams`, `ngrams.ipynb` or a path); none: all."""
    pages = {path.stem: path for path in sorted((root / "book").glob("*/*.ipynb"))}
    wanted = [Path(name).stem for name in names] or list(pages)
    if unknown := [name for name in wanted if name not in pages]:
        raise NotebookError(f"the book has no notebook {unknown[0]!r}; it has {', '.join(pages)}")
    return [pages[name] for name in wanted]


def run(path: Path, root: Path) -> list[str]:
    """Run a notebook with the reference and store it; gives the rules that it breaks.

    Raises NotebookError where a cell fails; the file then stays as it was.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    os.environ |= _environment(root)  # for the kernel, which has this process's
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(nbformat.read(path, 4), timeout=300, resources=resources)
    try:
        notebook = client.execute()
    except CellExecutionError as error:
        raise NotebookError(f"{path.name}: {error.ename}: {error.evalue}") from None
    return _store(path, notebook)


def normalise_file(path: Path) -> list[str]:
    """Store a notebook's outputs in the plain form; gives the rules that it breaks."""
    return _store(path, nbformat.read(path, 4))


def differences(path: Path) -> list[str]:
    """What `normalise_file` would change or complain of."""
    notebook = normalise(nbformat.read(path, 4))
    text = _text(notebook)
    found = faults(notebook, len(text.encode()))
    if text != path.read_text(encoding="utf-8"):
        found.append("not normalised: run course notebook normalise")
    return found


def _store(path: Path, notebook: Any) -> list[str]:
    text = _text(normalise(notebook))
    path.write_text(text, encoding="utf-8")
    return faults(notebook, len(text.encode()))


def _text(notebook: Any) -> str:
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def rerun(path: Path, root: Path) -> list[str]:
    """Run a notebook again (nbval); gives the cells that fail or say something else than stored.

    Every cell must run; the output is compared where a cell has the tag nbval-check-output.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        process = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--nbval-lax", f"--junitxml={report}", path],
            cwd=root,
            env=os.environ | _environment(root),
            capture_output=True,
            text=True,
        )
        if process.returncode not in (0, 1) or not report.is_file():
            last = (process.stderr or process.stdout).strip().splitlines()[-1:]
            return [f"could not be run: {''.join(last)}"]
        cases = list(ElementTree.parse(report).iter("testcase"))
    ids = [cell.id for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    return [
        f"{ids[int(case.attrib['name'].split()[-1])]}: {_reason(failure.text or '')}"
        for case in cases
        for failure in case
        if failure.tag in ("failure", "error")
    ]


def _reason(message: str) -> str:
    """The one line of nbval's message that tells most."""
    text = re.sub(r"(#x1B|\x1b)\[\d*m", "", message).partition("Traceback:")[2]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not text.strip().startswith("mismatch"):
        return lines[-1] if lines else "it fails"
    now, stored = (next((x[2:] for x in lines if x[:2] == sign), "") for sign in ("- ", "+ "))
    return f"stored is {stored!r}, now it prints {now!r}"


def _environment(root: Path) -> dict[str, str]:
    """The reference's code, and one thread."""
    code = os.pathsep.join([str(root / "solutions"), os.environ.get("PYTHONPATH", "")])
    return {"PYTHONPATH": code, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

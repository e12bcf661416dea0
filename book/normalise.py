"""Run the book's notebooks and store their outputs in one plain form.

    python book/normalise.py [--check] [NOTEBOOK …]      --check executes and writes nothing
Stored: text, and pictures as PNG; nothing that differs from run to run (times, paths, progress
bars) or that a page does not show. The book's build itself never executes anything.
"""

import argparse
import base64
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat

BOOK = Path(__file__).resolve().parent
MAX_PICTURE, MAX_FILE = 150_000, 300_000  # bytes
COLOURS = 64  # of a stored picture: enough for lines and letters, a third of the bytes
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
SHOWN = ("image/png", "text/html", "text/plain")
# An absolute path, a progress bar, an address in memory.
UNSTABLE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr)/|\d%\||\b0x[0-9a-f]{6,}")


def normalise(notebook: Any) -> Any:
    """Take away, in place, whatever depends on when and where the notebook ran."""
    plain, number = nbformat.from_dict, 0
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
            last = outputs[-1] if outputs else {}
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
    image.convert("RGB").quantize(COLOURS, dither=0).save(target, "PNG", optimize=True)
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


def execute(path: Path) -> Any:
    """Run a notebook from top to bottom in its own folder, with a fresh kernel."""
    from nbclient import NotebookClient

    resources = {"metadata": {"path": str(path.parent)}}
    return NotebookClient(nbformat.read(path, 4), timeout=300, resources=resources).execute()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 done, 1 a notebook breaks a rule."""
    parser = argparse.ArgumentParser(description="Run the notebooks, and store plain outputs.")
    parser.add_argument("--check", action="store_true", help="execute nothing, write nothing")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    # The kernel inherits these: the reference's code, and one thread.
    code = f"{BOOK.parent / 'solutions'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    os.environ |= {"PYTHONPATH": code, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    broken = 0
    for path in options.notebooks or sorted(BOOK.glob("*/*.ipynb")):
        stored = nbformat.read(path, 4) if options.check else execute(path)
        text = nbformat.writes(normalise(stored)).rstrip("\n") + "\n"
        problems = faults(stored, len(text.encode()))
        if not options.check:
            path.write_text(text, encoding="utf-8")
        elif text != path.read_text(encoding="utf-8"):
            problems.append("not normalised: run `python book/normalise.py`")
        print(f"{path.name}: {'; '.join(problems) or f'normalised, {len(text.encode()):,} bytes'}")
        broken |= bool(problems)
    return broken


if __name__ == "__main__":
    sys.exit(main())

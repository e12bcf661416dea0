"""Run the book's notebooks and store their outputs in one plain form.

    python book/normalise.py            execute all, normalise, write
    python book/normalise.py --check    only say whether the stored files are normalised
    python book/normalise.py en/ngrams.ipynb …    these only

Stored: text and PNG, nothing that differs from run to run (times, paths, progress bars) or that a
page does not show (widgets, other picture formats). The book's build never executes anything.
"""

import argparse
import base64
import io
import json
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
KEPT = {"text/plain", "text/html", "image/png"}
# An absolute path, a progress bar, an address in memory.
UNSTABLE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr)/|\d+%\|| at 0x[0-9a-f]{6,}")


def normalise(notebook: Any) -> Any:
    """The notebook without anything that depends on when and where it ran."""
    notebook = nbformat.from_dict(json.loads(json.dumps(notebook)))
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    number = 0
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = {"tags": sorted(tags)} if tags else {}
        cell.source = cell.source.strip("\n")
        if cell.cell_type == "code":
            number += 1
            cell.execution_count = number
            cell.outputs = _merge([_output(output, number) for output in cell.outputs])
    return notebook


def _output(output: Any, number: int) -> Any:
    if "data" in output:
        data = {name: content for name, content in output.data.items() if name in KEPT}
        if "image/png" in data:  # the text beside a picture is only its repr
            data = {"image/png": _picture(data["image/png"])}
        output.data, output.metadata = data, {}
    if "execution_count" in output:
        output.execution_count = number
    return output


def _merge(outputs: list[Any]) -> list[Any]:
    """Join pieces of one stream: where the kernel flushed is chance."""
    merged: list[Any] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if "text" in output and last.get("name") == output.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def _picture(content: str) -> str:
    """The PNG with a palette and without metadata; one that has a palette stays as it is."""
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(content)))
    if picture.mode != "P":
        target = io.BytesIO()
        picture.convert("RGB").quantize(COLOURS, dither=0).save(target, "PNG", optimize=True)
        content = base64.b64encode(target.getvalue()).decode()
    return content.strip() + "\n"


def faults(notebook: Any, size: int) -> list[str]:
    """What breaks the book's rules, each as a sentence; `size` is the file's, in bytes."""
    found = [f"the file has {size:,} bytes, at most {MAX_FILE:,} are allowed"] * (size > MAX_FILE)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            text = "".join(
                [output.get("text", ""), *data.get("text/plain", ""), *data.get("text/html", "")]
            )
            if output.output_type == "error" or output.get("name") == "stderr":
                found.append(f"cell {cell.id} stores an error or a warning")
            if unstable := UNSTABLE.search(text):
                found.append(
                    f"cell {cell.id} prints {unstable[0]!r}, which changes from run to run"
                )
            if picture := data.get("image/png"):
                n_bytes = len(base64.b64decode(picture))
                if n_bytes > MAX_PICTURE:
                    found.append(
                        f"the picture of cell {cell.id} has {n_bytes:,} bytes, at most {MAX_PICTURE:,} are allowed"
                    )
                if not re.search(r"^#\| alt: *\S", cell.source, re.MULTILINE):
                    found.append(f"cell {cell.id} draws a picture without `#| alt: …`")
    return found


def text_of(notebook: Any) -> str:
    """The notebook as it is written to its file."""
    return nbformat.writes(notebook, indent=1, ensure_ascii=False).rstrip("\n") + "\n"


def execute(path: Path) -> Any:
    """Run a notebook from a fresh kernel in its own folder, with the reference's code."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; 0 done, 1 a notebook breaks a rule."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="execute nothing, write nothing")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    # The kernel inherits these: the reference's code, and one thread (two only spin on small arrays).
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(BOOK.parent / "solutions"), inherited])
    )
    os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    status = 0
    for path in options.notebooks or sorted(BOOK.glob("*/*.ipynb")):
        notebook = normalise(nbformat.read(path, as_version=4) if options.check else execute(path))
        text = text_of(notebook)
        problems = faults(notebook, len(text.encode()))
        if options.check and text != path.read_text(encoding="utf-8"):
            problems.append(
                "it is not normalised: run `python book/normalise.py` and look at the difference"
            )
        if not options.check:
            path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {len(text.encode()):,} bytes, {'; '.join(problems) or 'normalised'}")
        status |= bool(problems)
    return status


if __name__ == "__main__":
    sys.exit(main())

"""The numbers of the interactive figures: JSON files in data/, each made by a cell of a page.

The pages import this file from their own folder; the book's build does not read it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("data")
MAX_BYTES = 60_000


class FigureDataError(Exception):
    """What is stored is not what the cell computes; the message says what to do."""


def keep(name: str, data: dict[str, Any], tolerance: float = 1e-3) -> Any:
    """Store a figure's numbers, or prove that those that are stored are still the right ones.

    Args:
        name: of the file, without its ending. Delete the file to have it written again.
        data: what JSON can hold; floats are rounded to four digits after the point.
        tolerance: by how much a stored number may differ. What training in the notebook gives
            differs between processors: allow for it, and assert in the cell what the figure claims.

    Returns:
        What is stored.

    Raises:
        FigureDataError: if it is not what `data` says, or too large for a page.
    """
    path = FOLDER / f"{name}.json"
    if not path.exists():
        text = json.dumps(_rounded(data), ensure_ascii=False, separators=(",", ":"))
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    if path.stat().st_size > MAX_BYTES:
        raise FigureDataError(f"data/{name}.json has more than {MAX_BYTES:,} bytes: keep less")
    stored = json.loads(path.read_text(encoding="utf-8"))
    one, other = dict(_leaves(stored)), dict(_leaves(json.loads(json.dumps(data))))
    wrong = {
        place
        for place in {*one, *other}
        if place not in one or place not in other or not _agree(one[place], other[place], tolerance)
    }
    if wrong:
        raise FigureDataError(
            f"data/{name}.json is not what this cell computes, first at {min(wrong)}: "
            "delete the file and run the page again"
        )
    return stored


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every string and number of a JSON value, with its place, such as ".rows.0.name"."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(item, f"{place}.{key}")
    else:
        yield place, value


def _agree(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= tolerance
    return bool(one == other)

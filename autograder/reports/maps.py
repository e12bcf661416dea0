"""A picture of two answers as three tables of cells, for the media that can draw them."""

import math
from typing import NamedTuple

from autograder.results import Picture

SHADES = 4  # on either side of zero


class Cell(NamedTuple):
    """A number, its shade (from -SHADES to SHADES, 0 for zero alone), and whether it is wrong."""

    text: str
    shade: int
    is_wrong: bool


class Map(NamedTuple):
    """One of the tables. A row of an answer of one axis has no index."""

    title: str
    columns: list[int]
    rows: list[tuple[int | None, list[Cell]]]


def maps_of(picture: Picture) -> list[Map]:
    """Both answers, on one scale of shades, and the difference, on its own."""
    expected, got, gaps = (
        [row.split() for row in rows]
        for rows in (picture.expected, picture.got, picture.difference)
    )
    *first_row, first = picture.first
    columns = list(range(first, first + len(gaps[0])))

    def drawn(title: str, numbers: list[list[str]], top: float) -> Map:
        cells = [
            [Cell(n, _shade(n, top), gap != "0") for n, gap in zip(*pair, strict=True)]
            for pair in zip(numbers, gaps, strict=True)
        ]
        rows = list(range(first_row[0], first_row[0] + len(cells))) if first_row else [None]
        return Map(title, columns, list(zip(rows, cells, strict=True)))

    top = _top(expected + got)
    return [
        drawn("expected", expected, top),
        drawn("got", got, top),
        drawn("got − expected", gaps, _top(gaps)),
    ]


def caption_of(picture: Picture) -> str:
    """What the picture shows, in words."""
    gaps = [number for row in picture.difference for number in row.split()]
    shape = ", ".join(map(str, picture.shape)) + "," * (len(picture.shape) == 1)
    parts = [f"{sum(gap != '0' for gap in gaps)} of these {len(gaps)} numbers differ"]
    if len(gaps) < math.prod(picture.shape):
        parts.append(
            f"they are {picture.shown} of shape ({shape}), where the difference is largest"
        )
    else:
        parts.append(f"the answer has shape ({shape})")
    if picture.is_truth:
        parts.append("1 is True, 0 is False")
    return f"{'; '.join(parts)}."


def _top(numbers: list[list[str]]) -> float:
    sizes = (abs(float(number)) for row in numbers for number in row)
    return max((size for size in sizes if math.isfinite(size)), default=0.0)


def _shade(number: str, top: float) -> int:
    """More of it the further from zero; nan, which is neither above nor below, is as far as inf."""
    value = float(number)
    if value == 0:
        return 0
    share = abs(value) / top if math.isfinite(value) else 1.0
    return int(math.copysign(max(1, math.ceil(SHADES * share)), value))

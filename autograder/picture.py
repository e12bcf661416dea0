"""Making a picture of two arrays that differ: numbers few enough to be looked at."""

import numpy as np

from autograder.results import Picture

SIDE = 8  # rows and columns: so many numbers fit across a phone, or a terminal of 80 columns


def picture_of(expected: np.ndarray, got: np.ndarray, wrong: np.ndarray) -> Picture | None:
    """Both arrays, cut down to the slice and the window with the largest difference.

    A slice is along the last two axes that have more than one entry.

    Args:
        expected: of any shape.
        got: of the same shape and kind.
        wrong: bools of that shape: where the two differ by more than they may.

    Returns:
        None where there is nothing to see: a single number, or entries that are no real numbers.
    """
    if expected.dtype.kind not in "biuf" or expected.size < 2:
        return None
    with np.errstate(all="ignore"):
        distance = np.abs(got.astype(np.float64) - expected.astype(np.float64))
    distance[np.isnan(distance)] = np.inf
    flat = int(np.argmax(np.where(wrong, distance, -1.0)))
    worst = [int(index) for index in np.unravel_index(flat, expected.shape)]
    axes = [axis for axis, size in enumerate(expected.shape) if size > 1][-2:]
    windows = {axis: _window(worst[axis], expected.shape[axis]) for axis in axes}
    part = tuple(windows.get(axis, index) for axis, index in enumerate(worst))
    there, here, differs = (np.atleast_2d(a[part]).tolist() for a in (expected, got, wrong))
    return Picture(
        shape=list(expected.shape),
        shown=f"[{', '.join(map(_index, part, expected.shape))}]",
        first=[window.start for window in windows.values()],
        expected=[" ".join(map(_number, row)) for row in there],
        got=[" ".join(map(_number, row)) for row in here],
        difference=[" ".join(map(_gap, *rows)) for rows in zip(here, there, differs, strict=True)],
        is_truth=expected.dtype.kind == "b",
    )


def _window(worst: int, size: int) -> slice:
    """At most SIDE of `size` indices: the first ones, or those around the worst."""
    start = 0 if worst < SIDE else min(worst - SIDE // 2, size - SIDE)
    return slice(start, min(start + SIDE, size))


def _index(index: slice | int, size: int) -> str:
    if isinstance(index, int):
        return str(index)
    return ":" if index.stop - index.start == size else f"{index.start}:{index.stop}"


def _gap(got: float, expected: float, differs: bool) -> str:
    return _number(got - expected) if differs else "0"


def _number(value: float) -> str:
    """A number in few characters: integers whole, others to three digits, or two if it is long."""
    if isinstance(value, int):
        return str(int(value))
    if 100 <= abs(value) < 1e5:
        return f"{value:.0f}"
    text = f"{value + 0.0:.3g}"  # no -0
    return text if len(text) <= 8 else f"{value:.1e}"

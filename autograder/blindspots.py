"""Inputs that hide mistakes: each looks fine, and a suite that has no others is blind.

Where T = K in every call, swapped axes go unseen; where every mask is all true, so does code that
never applies it. `blind_spots` is given all that one parameter gets in the tests of an exercise.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

RAGGED = -1  # the size of an axis along which rows differ
SEVERAL = 3  # calls with random sizes, in which an axis is seldom as long as one far away
COUNTED = ("heads", "batch", "rows")  # what an integer parameter's name says that it counts


class Input(msgspec.Struct, frozen=True):
    """What is remembered of one argument.

    Attributes:
        shape: of a number ().
        kind: "f", "i" or "b", as numpy calls it.
        uniform: the one value that all entries have; None where they differ, or there is one only.
        symmetric: the last two axes can be swapped.
        counting: each row is 0, 1, 2, …
        value: of an integer.
    """

    shape: tuple[int, ...]
    kind: str
    uniform: float | None = None
    symmetric: bool = False
    counting: bool = False
    value: int | None = None


def input_of(argument: Any) -> Input | None:
    """None for what is neither a number nor an array of numbers, nor lists that could be one."""
    array = _array(argument)
    if array is None:
        return None
    kind = "i" if array.dtype.kind == "u" else array.dtype.kind
    if kind == "O":
        return Input((len(argument), RAGGED), "i")
    if kind not in "fib":
        return None
    flat = array.reshape(-1)
    swapped = array.swapaxes(-1, -2) if array.ndim > 1 else None
    return Input(
        shape=array.shape,
        kind=kind,
        uniform=float(flat[0]) if flat.size > 1 and (flat == flat[0]).all() else None,
        symmetric=swapped is not None and np.array_equal(array, swapped),
        counting=array.ndim > 0 and bool((array == np.arange(array.shape[-1])).all()),
        value=int(array) if kind == "i" and not array.ndim else None,
    )


def inputs_of(argument: Any) -> Iterator[Input]:
    """Of an argument, or of each tensor in a list of them."""
    tensor = getattr(sys.modules.get("torch"), "Tensor", ())
    several = isinstance(argument, list | tuple) and any(isinstance(a, tensor) for a in argument)
    for part in argument if several else [argument]:
        if found := input_of(part):
            yield found


def _array(argument: Any) -> np.ndarray | None:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(argument, torch.Tensor):
        plain = argument.detach().cpu()
        plain = plain.double() if plain.is_floating_point() else plain
        return np.asarray(plain.numpy())
    if isinstance(argument, list | tuple) and argument:
        if all(isinstance(row, list | tuple) for row in argument):
            if len({len(row) for row in argument}) > 1:
                flat = [number for row in argument for number in row]
                return np.empty(len(argument), dtype=object) if _are_numbers(flat) else None
            rows = [number for row in argument for number in row]
            return np.array(argument) if rows and _are_numbers(rows) else None
        return np.array(argument) if _are_numbers(argument) else None
    if isinstance(argument, int | float | np.ndarray):
        return np.asarray(argument)
    return None


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) and abs(value) < 2**31 for value in values)


def blind_spots(parameter: str, inputs: Sequence[Input]) -> Iterator[tuple[str, str]]:
    """(rule, what to do) for each pattern that all the inputs of a parameter have."""
    floats = [i for i in inputs if i.kind == "f"]
    masks = [i for i in inputs if i.kind == "b" or (i.kind == "f" and "mask" in parameter)]
    arrays = inputs if not masks else []  # a mask is broadcast
    for first, second in _always_equal(inputs):
        yield (
            "square",
            f"axes {first} and {second} have one length in every call, so that nobody sees them "
            "swapped: let them differ",
        )
    square = [i for i in floats if len(i.shape) > 1 and min(i.shape[-2:]) > 1]
    if _all(i.symmetric for i in square):
        yield "symmetric", "it is symmetric in every call: give one that is not"
    if _all(bool(i.uniform) if i.kind == "b" else i.uniform == 0 for i in _several(masks)):
        yield "mask", "nothing is hidden in any call: hide something"
    elif not masks and _all(i.uniform is not None for i in _several(floats)):
        yield "constant", "all its numbers are equal in every call: let them differ"
    if _all(i.counting for i in inputs if i.kind == "i" and i.shape and i.shape[-1] > 1):
        yield "positions", "it is 0, 1, 2, … in every call: begin elsewhere, or leave some out"
    for axis in _always_one(arrays):
        yield "one", f"axis {axis} has length 1 in every call: give it more"
    if any(word in parameter for word in COUNTED) and _all(
        i.value == 1 for i in inputs if i.value is not None
    ):
        yield "one", "it is 1 in every call: give more"


def _always_equal(inputs: Sequence[Input]) -> Iterator[tuple[int, int]]:
    """Pairs of axes, counted from the last, that never differ in length where both have some."""
    deepest = min(max((len(i.shape) for i in inputs), default=0), len("BHTK"))
    for first in range(-deepest, 0):
        for second in range(first + 1, 0):
            sizes = [(i.shape[first], i.shape[second]) for i in inputs if len(i.shape) >= -first]
            sizes = [pair for pair in sizes if 1 not in pair and 0 not in pair]
            by_chance = (first, second) != (-2, -1) and len(sizes) < SEVERAL
            if not by_chance and _all(a == b for a, b in sizes):
                yield first, second


def _always_one(inputs: Sequence[Input]) -> Iterator[int]:
    """Axes for the batch or the heads, which is one in every call that has them."""
    deepest = max((len(i.shape) for i in inputs), default=0)
    for axis in range(-deepest, -1):
        # Of floats the last two axes are positions and features, of integers positions alone.
        having = [i for i in inputs if len(i.shape) >= -axis and (i.kind == "i" or axis < -2)]
        if _all(i.shape[axis] <= 1 for i in having if i.kind != "b"):
            yield axis


def _several(inputs: Sequence[Input]) -> list[Input]:
    return [i for i in inputs if int(np.prod(i.shape)) > 1]


def _all(marks: Any) -> bool:
    """Whether there are any, and all hold."""
    marks = list(marks)
    return bool(marks) and all(marks)

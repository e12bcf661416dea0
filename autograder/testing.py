"""What authors of tests import. A test is a plain pytest function:

    @exercise("ngrams.count_ngrams", weight=2)
    def test_counts_every_window(student, rng):
        \"""Every window of n tokens is counted once.\"""
        expect(student.ngrams.count_ngrams([["a", "a"]], 2), {("<s>", "a"): 1, ...})

The docstring's first line is the property that a student reads. The `student` fixture is the
student's package: the real one under plain pytest, a proxy to another process when `course`
runs the test. The same lines work with both, if a test keeps to this:

- functions are called with, and return, plain data; `.obj(…)` keeps the result over there and
  gives a handle, and so does calling a class (a name with a capital);
- a handle may be passed back, and its methods may be called; it has no truth value, and cannot be
  compared or added up: the verdict is made here, from plain data, never by the student's object;
- `elsewhere` is a second fixture like `student`: the same package in another process;
- a test marked `@pytest.mark.gpu` uses the fixture `device`, see plugin.py: it waits where there is
  no GPU, and where that is "cpu" it is a rehearsal, small and without a demand on speed;
- classes that must stand beside the student's code live in `support.py` next to the test file
  and are reached as `student.support`.

What the student's code costs is judged with `autograder.measure`: `measured(student)` counts it.

Random inputs come from the `rng` fixture, small ones first, so that the first failure is the
smallest.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

from autograder.box import StudentFaultError
from autograder.picture import picture_of
from autograder.results import Picture

exercise = pytest.mark.exercise

# Told of each expectation: what is expected, with what tolerance. The lint listens.
observers: list[Callable[[Any, float], None]] = []

_missed: "list[MismatchError] | None" = None  # while tests go on, what did not hold


class MismatchError(AssertionError):
    """A property does not hold. Carries what a person needs to see why."""

    def __init__(
        self, given: str, expected: str, got: str, where: str = "", picture: Picture | None = None
    ) -> None:
        super().__init__(f"given {given}: expected {expected}, got {got}{where and f' ({where})'}")
        self.given, self.expected, self.got, self.where = given, expected, got, where
        self.picture = picture


def _fail(error: MismatchError) -> None:
    __tracebackhide__ = True
    if _missed is None:
        raise error
    _missed.append(error)


@contextmanager
def going_on() -> Iterator[list[MismatchError]]:
    """For the length of a `with` a test does not end at what does not hold: it is put down."""
    global _missed
    before = _missed
    _missed = [] if before is None else before
    try:
        yield _missed
    finally:
        _missed = before


class FeedbackError(AssertionError):
    """A property does not hold; the message says why, in words that a student may read.

    Also of a hidden test: nothing is in it that a student's code could have chosen after it saw a
    hidden input, and nothing that it must not know.
    """


class InconclusiveError(pytest.skip.Exception):  # type: ignore[misc, name-defined]
    """A measurement does not tell whether a property holds. Plain pytest calls that skipped."""


def expect(got: Any, expected: Any, *, given: str = "", tolerance: float = 1e-9) -> None:
    """Require that a student's answer is the expected one.

    Integers, strings, keys and lengths must be equal; floats, and arrays of complex numbers, may
    differ by `tolerance` times the largest expected number beside them (or by 1e-12). nan is never
    right where a number is due. An int passes for a float, a float never for an int. A Counter is
    a dict, a tuple is a list, except as a key.

    Args:
        got: what the student's code returned, plain data.
        expected: what an independent computation says.
        given: the input in words; by default the student's last call.
        tolerance: relative; derive it from a float64 reference.

    Raises:
        MismatchError: with both values, and the first place where they differ; of arrays of one
            shape and type, with a picture of both.
    """
    __tracebackhide__ = True
    for observe in observers:
        observe(expected, tolerance)
    problem = _difference(got, expected, tolerance)
    if problem is not None:
        place, wanted, found, picture = problem
        where = f"expected {wanted}, got {found}"
        if place:
            where = f"{place}: {where}"
        elif (wanted, found) == (show(expected), show(got)):
            where = ""  # the whole answer is the place
        _fail(MismatchError(given, show(expected), show(got), where, picture))


def expect_that(holds: bool, *, expected: str, got: Any, given: str = "") -> None:
    """Require a property that is no equation: `expected` says it in words."""
    __tracebackhide__ = True
    note_expectation()
    if not holds:
        _fail(MismatchError(given, expected, show(got)))


def note_expectation() -> None:
    """Tell the observers of an expectation that is no comparison with anything."""
    for observe in observers:
        observe(True, 0.0)


def complaint(call: Callable[[], Any], kind: type[Exception] = ValueError) -> str | None:
    """What the exception says that a call into the student's code raises; None if none comes.

    Any other exception than `kind` passes through.
    """
    try:
        call()
    except StudentFaultError as error:  # from a box
        if error.fault and kind.__name__ in error.fault.kinds:
            return error.fault.text
        raise
    except kind as error:
        return str(error)
    return None


def show(value: Any, limit: int = 400) -> str:
    """A value as a person would write it, cut to `limit` characters."""
    text = ""
    for piece in _pieces(value):  # a whole corpus is never written out
        text += piece
        if len(text) > limit:
            return f"{text[: limit - 1]}…"
    return text


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _joined("{", (_pair(*item) for item in value.items()), "}")
    elif isinstance(value, Set) and value:
        yield from _joined("{", ([text] for text in sorted(map(show, value))), "}")
    elif isinstance(value, tuple):
        yield from _joined("(", map(_pieces, value), ",)" if len(value) == 1 else ")")
    elif isinstance(value, list):
        yield from _joined("[", map(_pieces, value), "]")
    else:
        yield _text(value)


def _pair(key: Any, value: Any) -> Iterator[str]:
    yield from _pieces(key)
    yield ": "
    yield from _pieces(value)


def _joined(opening: str, items: Iterable[Iterable[str]], closing: str) -> Iterator[str]:
    yield opening
    for position, pieces in enumerate(items):
        yield ", " if position else ""
        yield from pieces
    yield closing


def _text(value: Any) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if _is_tensor(value):
        return f"tensor of shape {tuple(value.shape)}: {_numbers(value)}"
    if isinstance(value, float):
        text = f"{value:.10g}"
        return text if any(sign in text for sign in ".en") else f"{text}.0"
    if isinstance(value, int) and value.bit_length() > 4096:  # Python refuses to write it out
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}: {_numbers(value)}"
    if isinstance(value, Set):
        return "an empty set"
    return repr(value)


def _numbers(array: Any) -> str:
    """A small array in full, to six digits; of a larger one the first and last numbers, quickly."""
    flat = array.reshape(-1)
    if len(flat) <= 12:
        return _nested((_as_array(array) if _is_tensor(array) else array).tolist())
    first, last = (_as_array(a) if _is_tensor(a) else a for a in (flat[:3], flat[-3:]))
    return " ".join([*map(_text, first.tolist()), "…", *map(_text, last.tolist())])


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return _text(float(f"{value:.6g}") if isinstance(value, float) else value)


class _Difference(NamedTuple):
    """Where two answers differ, and what is expected and found there."""

    place: str
    wanted: str
    found: str
    picture: Picture | None = None

    def inside(self, entry: str) -> "_Difference":
        """The same, seen from what holds the two answers as `entry`."""
        picture = self.picture and msgspec.structs.replace(
            self.picture, shown=entry + self.picture.shown
        )
        return self._replace(place=entry + self.place, picture=picture)


def _is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")  # where nobody imported it, nothing is one
    return torch is not None and isinstance(value, torch.Tensor)


def _as_array(tensor: Any) -> np.ndarray:
    """A tensor's numbers; bfloat16 and its like, which numpy lacks, as float64."""
    tensor = tensor.detach().cpu().resolve_conj().resolve_neg()
    if tensor.is_complex():
        tensor = tensor.cdouble()
    elif tensor.is_floating_point():
        tensor = tensor.double()
    array: np.ndarray = tensor.numpy()
    return array


def _tensor_difference(got: Any, expected: Any, tolerance: float) -> _Difference | None:
    if not _is_tensor(got):
        return _Difference("", f"a tensor of shape {tuple(expected.shape)}", _kind(got))
    if got.dtype != expected.dtype and got.shape == expected.shape:
        return _Difference("", str(expected.dtype), str(got.dtype))
    return _array_difference(_as_array(got), _as_array(expected), tolerance)


def _difference(got: Any, expected: Any, tolerance: float) -> _Difference | None:
    """None where they agree, else (place, expected there, got there)."""
    if _is_tensor(expected):
        return _tensor_difference(got, expected, tolerance)
    if isinstance(expected, np.ndarray):
        return _array_difference(got, expected, tolerance)
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return _Difference("", f"a dict, {show(expected, 80)}", f"{_kind(got)}")
        return _mapping_difference(got, expected, tolerance)
    if isinstance(expected, Set):
        if not isinstance(got, Set):
            return _Difference("", "a set", _kind(got))
        missing, extra = expected - got, got - expected
        if missing:
            return _Difference(
                "", f"{show(missing, 80)} in it", show(extra, 80) if extra else "none of them"
            )
        return _Difference("", "nothing more", f"also {show(extra, 80)}") if extra else None
    if isinstance(expected, list | tuple):
        if not isinstance(got, Sequence) or isinstance(got, str | bytes):
            return _Difference("", _kind(expected), _kind(got))
        if len(got) != len(expected):
            return _Difference("", f"{len(expected)} entries", f"{len(got)}")
        scale = _scale(expected)
        for index, (g, e) in enumerate(zip(got, expected, strict=True)):
            if problem := _scaled_difference(g, e, tolerance, scale):
                return problem.inside(f"[{index}]")
        return None
    return _scaled_difference(got, expected, tolerance, 0.0)


def _mapping_difference(
    got: Mapping[Any, Any], expected: Mapping[Any, Any], tolerance: float
) -> _Difference | None:
    for key in expected:
        if key not in got:
            return _Difference(f"[{show(key)}]", show(expected[key]), "no such key")
    for key in got:
        if key not in expected:
            return _Difference(f"[{show(key)}]", "no such key", show(got[key], 80))
    scale = _scale(list(expected.values()))
    for key, value in expected.items():
        if problem := _scaled_difference(got[key], value, tolerance, scale):
            return problem.inside(f"[{show(key)}]")
    return None


def _scaled_difference(
    got: Any, expected: Any, tolerance: float, scale: float
) -> _Difference | None:
    if isinstance(expected, bool | np.bool_):
        same = isinstance(got, bool | np.bool_) and bool(got) == bool(expected)
    elif isinstance(expected, float | np.floating):
        same = _is_number(got) and _close(_real(got), float(expected), tolerance, scale)
    elif isinstance(expected, int | np.integer):
        same = isinstance(got, int | np.integer) and not isinstance(got, bool) and got == expected
    elif isinstance(expected, str | bytes) or expected is None:
        same = isinstance(got, type(expected)) and got == expected
    elif isinstance(expected, np.ndarray | Mapping | Set | list | tuple) or _is_tensor(expected):
        return _difference(got, expected, tolerance)
    else:
        raise TypeError(f"expect() cannot judge {_kind(expected)}")
    return None if same else _Difference("", show(expected), _found(got, expected))


def _array_difference(got: Any, expected: np.ndarray, tolerance: float) -> _Difference | None:
    if not isinstance(got, np.ndarray):
        return _Difference("", f"an array of shape {expected.shape}", _kind(got))
    if got.shape != expected.shape:
        return _Difference("", f"shape {expected.shape}", f"shape {got.shape}")
    if got.dtype.kind != expected.dtype.kind:
        return _Difference("", f"dtype {expected.dtype}", f"dtype {got.dtype}")
    if expected.dtype.kind not in "fc":
        wrong = got != expected
    else:
        finite = np.abs(expected[np.isfinite(expected)]).astype(np.float64)
        allowed = max(1e-12, tolerance * float(np.max(finite, initial=0.0)))
        with np.errstate(all="ignore"):
            wrong = ~np.isclose(got, expected, rtol=0.0, atol=allowed)
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    there = show(expected[index].item()), show(got[index].item())
    return _Difference(str(list(index)), *there, picture_of(expected, got, wrong))


def _close(got: float, expected: float, tolerance: float, scale: float) -> bool:
    if math.isinf(expected) or math.isinf(got):
        return got == expected
    return abs(got - expected) <= max(1e-12, tolerance * max(abs(expected), scale))


def _scale(values: Sequence[Any]) -> float:
    numbers = [abs(_real(v)) for v in values if _is_number(v)]
    return max((number for number in numbers if math.isfinite(number)), default=0.0)


def _real(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # an int beyond every float is the answer to nothing
        return math.nan


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating)
    return number and not isinstance(value, bool)


def _kind(value: Any) -> str:
    if value is None:
        return "None (is a return missing?)"
    name = type(value).__name__
    article = "an" if name[0].lower() in "aeiou" else "a"
    return f"{article} {name}: {show(value, 80)}"


def _found(got: Any, expected: Any) -> str:
    alike = type(got) is type(expected) or (_is_number(got) and isinstance(expected, float))
    if not alike:
        return _kind(got)
    return show(got) if show(got) != show(expected) else repr(got)

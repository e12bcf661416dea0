"""What a package answered in one test: each call into it, and the plain data that came back.

Two packages that give the same answers, wrong ones included, most likely do the same. Inputs are
not kept: a test makes them from its seed and from earlier answers, so that as long as the answers
agree, they do.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder import wire
from autograder.box import BoxError, StudentFaultError
from autograder.farside import trainable
from autograder.meter import Cost
from autograder.student import Package

MAX_BYTES = 16 * 2**20  # of one test's answers; of who says more, nothing is kept
# How far two floats may be apart, relative to the largest beside them, and still be the same
# answer: that much the order of the operations makes.
MUCH = 6.0  # bits
TOLERANCE = {"bfloat16": 3e-2, "float16": 4e-3, "float32": 1e-5, "float64": 1e-6}


class Transcript:
    """The answers in one test.

    Attributes:
        answers: number and name of the call → frame of the answer (see wire.py). What a gradient
            flows back to has an entry of its own.
        is_whole: False if there is too much of it, and then nothing is kept.
    """

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.is_whole = True
        self._calls, self._bytes = 0, 0

    def number(self, call: str) -> str:
        """The name of one more call."""
        self._calls += 1
        return f"{self._calls} {call}"

    def add(self, call: str, answer: Any) -> None:
        """Write an answer down."""
        while call in self.answers:  # gradients may arrive several times
            call += " again"
        frame = b"".join(wire.dump(answer))
        self._bytes += len(frame)
        if self._bytes > MAX_BYTES:
            self.is_whole = False
            self.answers.clear()
        if self.is_whole:
            self.answers[call] = frame

    def differences(self, other: "Transcript") -> set[str]:
        """The calls on which the answers are not the same, or that only one of them has."""
        return {
            call
            for call in self.answers.keys() | other.answers.keys()
            if not same(self.answers.get(call), other.answers.get(call))
        }


class Recorder:
    """A Package that writes down what another answers."""

    def __init__(self, package: Package, transcript: Transcript) -> None:
        self._package, self._transcript = package, transcript

    def call(
        self, target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], keep: bool
    ) -> Any:
        """Call it; of an object that stays over there nothing is known yet."""
        call = self._transcript.number(f"{target}.{name}" if isinstance(target, str) else name)
        if trainable([args, kwargs]):
            args, kwargs = self._listen(call, [args, kwargs])
        result = self._hear(call, lambda: self._package.call(target, name, args, kwargs, keep))
        if not keep:
            self._transcript.add(call, result)
        return result

    def _listen(self, call: str, inputs: Any) -> Any:
        """The same inputs, on which gradients that come back are heard."""
        transcript, positions = self._transcript, iter(range(wire.MAX_ARRAYS))

        def tap(tensor: Any) -> Any:
            if tensor.requires_grad:
                tensor, name = tensor.view_as(tensor), f"{call}, gradient {next(positions)}"
                if tensor.requires_grad:  # not within no_grad()
                    tensor.register_hook(lambda gradient: transcript.add(name, gradient))
                else:
                    tensor.requires_grad_()
            return tensor

        return wire.map_tensors(inputs, tap)

    def iterate(self, target: Any) -> Iterator[Any]:
        """The items as they come; each is an answer."""
        items = self._package.iterate(target)
        while True:
            call = self._transcript.number("next")
            try:
                item = self._hear(call, lambda: next(items))
            except StopIteration:
                return
            self._transcript.add(call, item)
            yield item

    def look(self, what: str, target: Any, *how: str) -> Any:
        """Ask for it."""
        call = self._transcript.number(" ".join((what, *how)))
        result = self._hear(call, lambda: self._package.look(what, target, *how))
        self._transcript.add(call, result)
        return result

    def measure(self) -> None:
        """From here on count what the package costs."""
        self._package.measure()

    def cost(self) -> Cost:
        """What it has cost; what was counted is an answer, what a clock says is none."""
        cost = self._package.cost()
        counted = (cost.flops, cost.peak_bytes, cost.largest, cost.tokens)
        self._transcript.add(self._transcript.number("cost"), counted)
        return cost

    def _hear(self, call: str, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except (BoxError, StopIteration):
            raise
        except Exception as error:
            self._transcript.add(f"{call} raises", _kind(error))
            raise


def _kind(error: Exception) -> str:
    """The name of the exception, wherever it was raised; messages are everybody's own."""
    if isinstance(error, StudentFaultError):
        return error.fault.type if error.fault else str(error.outcome)
    return "NotPlainData" if isinstance(error, wire.NotPlainDataError) else type(error).__name__


def _thaw(frame: bytes) -> Any:
    header, _ = wire.sizes(frame[: wire.PREFIX])
    return wire.load(frame[wire.PREFIX :][:header], frame[wire.PREFIX + header :])


# --- Comparing ----------------------------------------------------------------------------------


class _Parts:
    """An answer taken apart: what must be equal, and floats, which need only be close."""

    def __init__(self, answer: Any) -> None:
        self.exact: list[Any] = []
        self.floats: list[tuple[np.ndarray, float]] = []  # what lies side by side, tolerance
        self._take(answer)

    def _take(self, value: Any) -> None:
        kind = type(value).__name__
        if isinstance(value, float):
            self._take_floats([value])
        elif isinstance(value, list | tuple):
            self.exact.append((f"list of {len(value)}",))  # to a test a tuple is one too
            self._take_all(value)
        elif isinstance(value, SimpleNamespace):
            self._take(vars(value))
        elif isinstance(value, Mapping):
            keys = sorted(value, key=repr)
            self.exact += [("dict",), *keys]
            self._take_all([value[key] for key in keys])
        elif isinstance(value, set | frozenset):
            self.exact += [("set",), *sorted(value, key=repr)]
        elif hasattr(value, "dtype"):
            self._take_array(value)
        else:
            self.exact.append((kind, value))

    def _take_all(self, values: Any) -> None:
        if values and all(isinstance(value, float) for value in values):
            self._take_floats(values)
            return
        for value in values:
            self._take(value)

    def _take_floats(self, values: Any) -> None:
        self.exact.append((f"{len(values)} floats",))
        self.floats.append((np.array(values), TOLERANCE["float64"]))

    def _take_array(self, array: Any) -> None:
        dtype = str(array.dtype).removeprefix("torch.")
        self.exact.append((type(array).__name__, dtype, tuple(array.shape)))
        if not isinstance(array, np.ndarray):
            array = array.detach()
            array = array.double().numpy() if dtype in TOLERANCE else _as_numpy(array)
        if dtype in TOLERANCE:
            self.floats.append((array.astype(np.float64).ravel(), TOLERANCE[dtype]))
        else:
            self.exact += array.ravel().tolist()

    def is_close(self, other: "_Parts") -> bool:
        """Whether this is the same answer, up to what the order of operations makes."""
        pairs = zip(self.floats, other.floats, strict=False)
        return self.exact == other.exact and not any(_far(*a, b).any() for a, (b, _) in pairs)

    def wrong_floats(self, other: "_Parts") -> list[float]:
        """Up to 100 of the floats that are not right; `other` is."""
        if self.exact == other.exact:
            pairs = zip(self.floats, other.floats, strict=True)
            wrong = [own[_far(own, tolerance, b)] for (own, tolerance), (b, _) in pairs]
            return [number for numbers in wrong for number in numbers[:100]][:100]
        right = {f"{number:.5g}" for numbers, _ in other.floats for number in numbers[:1000]}
        mine = [number for numbers, _ in self.floats for number in numbers[:100]]
        return [number for number in mine if f"{number:.5g}" not in right][:100]


def _far(own: np.ndarray, tolerance: float, other: np.ndarray) -> Any:
    with np.errstate(all="ignore"):
        finite = np.abs(other[np.isfinite(other)])
        allowed = max(1e-12, tolerance * float(np.max(finite, initial=0.0)))
        return ~np.isclose(own, other, rtol=0.0, atol=allowed, equal_nan=True)


def _as_numpy(tensor: Any) -> np.ndarray:
    """Its numbers, or its bytes where numpy has no such numbers."""
    torch = sys.modules["torch"]
    try:
        array: np.ndarray = tensor.numpy()
    except TypeError:
        array = tensor.contiguous().view(torch.uint8).numpy()
    return array


def same(frame: bytes | None, other: bytes | None) -> bool:
    """Whether two answers are the same, up to what the order of operations makes."""
    if frame == other:
        return True
    if frame is None or other is None:
        return False
    return _Parts(_thaw(frame)).is_close(_Parts(_thaw(other)))


def evidence(answers: Iterable[tuple[bytes | None, bytes | None]]) -> float:
    """How many bits it would take to hit on these answers by chance, roughly.

    What is said twice counts once, and what is right does not count.

    Args:
        answers: pairs of a wrong answer and the right one.
    """
    facts: dict[Any, float] = {}
    for wrong, right in answers:
        if wrong is None or right is None:
            facts[wrong is None, right is None] = 1.0
        else:
            facts |= _facts(_Parts(_thaw(wrong)), _Parts(_thaw(right)))
    return sum(facts.values())


def _facts(wrong: _Parts, right: _Parts) -> dict[Any, float]:
    facts: dict[Any, float] = {}
    for number in wrong.wrong_floats(right):
        facts[f"{number:.5g}"] = _bits(float(number))
    if wrong.exact != right.exact:
        facts[tuple(wrong.exact)] = _bits_of(wrong.exact)
    return facts


def says_much(frame: bytes) -> bool:
    """Whether code that gives this answer must have computed something: no 0.0, -inf or True."""
    parts = _Parts(_thaw(frame))
    numbers = (number for numbers, _ in parts.floats for number in numbers[:100])
    return _bits_of(parts.exact) >= MUCH or any(_bits(float(n)) >= MUCH for n in numbers)


def _bits_of(exact: list[Any]) -> float:
    parts = set(exact)
    pattern = min(20.0, len(exact)) if len(parts) > 2 else 0.0
    return min(20.0, pattern + sum(map(_bits, parts)))


def _bits(part: Any) -> float:
    value = part[1] if isinstance(part, tuple) and len(part) == 2 else part
    if isinstance(value, float):
        return 2.0 if not math.isfinite(value) or value == round(value, 2) else 20.0
    if isinstance(value, int) and not isinstance(value, bool):
        return 1.0 + min(math.log2(1 + abs(value)), 10.0)
    if isinstance(value, str):
        return 1.0 + min(2.0 * len(value), 10.0)
    return 1.0

"""The package put together as in a box, but in this process: for authors' code only.

`course verify` runs the suite on it to prove that a test's verdict does not depend on the line
between grader and box.
"""

import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from autograder.catalog import Limits
from autograder.farside import PACKAGE, FarSide, Load, seed_all
from autograder.student import LocalPackage


@contextmanager
def near_package(
    load: Load, limits: Limits, kind: type[LocalPackage] = LocalPackage
) -> Iterator[LocalPackage]:
    """The package of a Load, as `near_side` imports it, with random states of its own.

    What a test draws from torch then changes nothing of what the package draws, as with a box.
    """

    with near_side(load, limits) as far:
        inside = _random_states()

        class Apart(kind):  # type: ignore[valid-type, misc]
            def call(self, *how: Any) -> Any:
                nonlocal inside
                outside = _random_states()
                _set_random_states(inside)
                try:
                    return super().call(*how)
                finally:
                    inside = _random_states()
                    _set_random_states(outside)

        yield Apart(far.support)


@contextmanager
def near_side(load: Load, limits: Limits) -> Iterator[FarSide]:
    """What answers for the package of a Load, imported here and forgotten afterwards.

    Random states, and a package of the same name that was imported before, are as they were then.
    Raises TimeoutError in the middle of a call that computes for longer than `limits.cpu_s`.
    """
    states = _random_states()
    modules, finders = _take_modules(), list(sys.meta_path)
    seed_all(load.seed)
    handler = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limits.cpu_s)
    far = FarSide(load)
    try:
        far.load()
        yield far
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, handler)
        sys.meta_path[:] = finders
        _take_modules()
        sys.modules.update(modules)
        _set_random_states(states)


def _random_states() -> tuple[Any, ...]:
    torch = sys.modules.get("torch")
    return random.getstate(), np.random.get_state(), torch and torch.get_rng_state()


def _set_random_states(states: tuple[Any, ...]) -> None:
    ours, numpys, torchs = states
    random.setstate(ours)
    np.random.set_state(numpys)
    if torchs is not None:
        sys.modules["torch"].set_rng_state(torchs)


def _take_modules() -> dict[str, ModuleType]:
    """Take what a Load imports out of this process."""

    def is_ours(name: str) -> bool:
        top = name.partition(".")[0]
        return top in (PACKAGE, "support") or top.startswith("reference_")

    return {name: sys.modules.pop(name) for name in filter(is_ours, list(sys.modules))}


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("the time for one test is over")

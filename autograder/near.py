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

import numpy as np

from autograder.catalog import Limits
from autograder.farside import PACKAGE, FarSide, Load, seed_all
from autograder.student import LocalPackage


@contextmanager
def near_package(
    load: Load, limits: Limits, kind: type[LocalPackage] = LocalPackage
) -> Iterator[LocalPackage]:
    """The package of a Load, as `near_side` imports it."""
    with near_side(load, limits) as far:
        yield kind(far.support)


@contextmanager
def near_side(load: Load, limits: Limits) -> Iterator[FarSide]:
    """What answers for the package of a Load, imported here and forgotten afterwards.

    Random states, and a package of the same name that was imported before, are as they were then.
    Raises TimeoutError in the middle of a call that computes for longer than `limits.cpu_s`.
    """
    torch = sys.modules.get("torch")
    states = random.getstate(), np.random.get_state(), torch and torch.get_rng_state()
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
        random.setstate(states[0])
        np.random.set_state(states[1])
        if torch:
            torch.set_rng_state(states[2])


def _take_modules() -> dict[str, ModuleType]:
    """Take what a Load imports out of this process."""

    def is_ours(name: str) -> bool:
        top = name.partition(".")[0]
        return top in (PACKAGE, "support") or top.startswith("reference_")

    return {name: sys.modules.pop(name) for name in filter(is_ours, list(sys.modules))}


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("the time for one test is over")

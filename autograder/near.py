"""The package put together as in a box, but in this process: for authors' code only.

`course verify` runs the suite on it to prove that a test's verdict does not depend on the line
between grader and box.
"""

import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import numpy as np

from autograder.catalog import Limits
from autograder.farside import PACKAGE, FarSide, Load, Sources
from autograder.student import LocalPackage


@contextmanager
def near_package(load: Load, limits: Limits) -> Iterator[LocalPackage]:
    """The package of a Load, imported here and forgotten afterwards.

    Raises TimeoutError in the middle of a call that computes for longer than `limits.cpu_s`.
    """
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed()
    np.random.seed()
    handler = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limits.cpu_s)
    far = FarSide(load)
    try:
        far.load()
        yield LocalPackage(far.support)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, handler)
        sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, Sources)]
        for name in list(sys.modules):
            if name.partition(".")[0] in (PACKAGE, "support"):
                del sys.modules[name]
        random.setstate(before[0])
        np.random.set_state(before[1])


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeoutError("the time for one test is over")

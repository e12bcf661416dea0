"""What authors of tests import to judge cost: by counting, and where that says too little by time.

    with measured(student) as cost:
        student.attention.flash(q, k, v)
    expect_that(cost.largest < T * T, expected="no T × T tensor", got=cost.largest)

docs/measuring.md says what is counted, how such a test is written, and what can be forged.
"""

import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import msgspec

from autograder.meter import Cost, synchronize
from autograder.student import Student
from autograder.testing import InconclusiveError, MismatchError

CONFIDENCE = 0.95


@contextmanager
def measured(student: Student) -> Iterator[Cost]:
    """Count what the student's code costs, forward and backward; the Cost is filled in at the end.

    Only that code is counted: no copies, nothing of the test's, nothing between calls.
    """
    package, cost = student._package, Cost()
    package.measure()
    yield cost
    found = package.cost()
    for name in cost.__struct_fields__:
        setattr(cost, name, getattr(found, name))


class Ratio(msgspec.Struct):
    """How many times as long the second call takes as the first, from pairs of timings.

    Attributes:
        low, high: between them lies the true median ratio with a confidence of at least 95 %,
            whatever the timings' distribution. 0 and inf where there are too few pairs to say.
    """

    median: float
    low: float
    high: float
    pairs: int

    def verdict(self, at_least: float) -> Literal["yes", "no", "inconclusive"]:
        """Whether the first is at least so many times as fast as the second."""
        if self.low >= at_least:
            return "yes"
        return "no" if self.high < at_least else "inconclusive"


def compare(
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    pairs: int = 20,
    warm_up: int = 2,
    synchronize: Callable[[], None] = synchronize,
    clock: Callable[[], float] = time.perf_counter,
) -> Ratio:
    """Time two calls in turn, by this process's clock, which no student's code can turn back.

    A load on the machine slows both halves of a pair; which comes first alternates. Leave results
    where they are (`.obj(…)`), or the copying is timed too.

    Args:
        pairs: how many count; fewer than 6 say nothing with any confidence.
        warm_up: pairs that do not count, for caches and compilers.
        synchronize: waits for what this process has asked of an accelerator. A box does so itself
            before it answers.
        clock: seconds.
    """

    def seconds(call: Callable[[], Any]) -> float:
        synchronize()
        start = clock()
        call()
        synchronize()
        return clock() - start

    ratios = []
    for number in range(-warm_up, pairs):
        if number % 2:
            slow, fast = seconds(second), seconds(first)
        else:
            fast, slow = seconds(first), seconds(second)
        if number >= 0:
            ratios.append(slow / fast if fast > 0 else math.inf)
    return ratio_of(ratios)


def ratio_of(ratios: list[float]) -> Ratio:
    """The median and its confidence interval, which ends at two of the ratios themselves.

    The true median lies below the k-th smallest of n with the probability that n tosses of a coin
    give less than k heads, whatever the distribution.
    """
    ratios, n = sorted(ratios), len(ratios)
    tails = itertools.accumulate(math.comb(n, heads) for heads in range(n + 1))
    k = sum(2 * tail <= (1 - CONFIDENCE) * 2**n for tail in tails)
    low, high = (ratios[k - 1], ratios[n - k]) if k else (0.0, math.inf)
    return Ratio(statistics.median(ratios), low, high, n)


def expect_ratio(ratio: Ratio, at_least: float, *, given: str = "") -> None:
    """Require that the first of two calls is at least so many times as fast as the second.

    Raises:
        MismatchError: if it is not.
        InconclusiveError: if the timings do not tell; such a test counts neither for nor against.
    """
    __tracebackhide__ = True
    match ratio.verdict(at_least):
        case "no":
            got = f"{ratio.median:.2f} times ({ratio.low:.2f} to {ratio.high:.2f})"
            raise MismatchError(given, f"at least {at_least:g} times as fast", got)
        case "inconclusive":
            raise InconclusiveError(
                f"timed {ratio.pairs} times, it is {ratio.low:.2f} to {ratio.high:.2f} times as "
                f"fast; {at_least:g} is asked for"
            )

"""The median of the gaps is taken, not their mean.

A median hides the rare long pauses, which readers notice most. It is a good number, but another
one.
"""

import statistics
from itertools import pairwise

from langmodels.inference import *


def latency(started, times):
    gaps = [b - a for a, b in pairwise(times)]
    between = statistics.median(gaps) if gaps else 0.0
    return Latency(times[0] - started, between, len(times) / (times[-1] - started))

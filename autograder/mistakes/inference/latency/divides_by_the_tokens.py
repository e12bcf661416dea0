"""The time between tokens is divided by the number of tokens.

Between n tokens there are n - 1 gaps; the first token's wait is not one of them.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / len(times)
    return Latency(times[0] - started, between, len(times) / (times[-1] - started))

"""The wait for the first token is part of the mean time between tokens.

The first token has to wait until the whole prompt is read; those after it cost one step each.
That is why the two are told apart.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - started) / len(times) if len(times) > 1 else 0.0
    return Latency(times[0] - started, between, len(times) / (times[-1] - started))

"""Tokens per second are one over the time between tokens.

That is the speed once the answer flows. The wait before it is left out, and a single token would
have no speed at all.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    per_second = 1 / between if between else 1 / (times[0] - started)
    return Latency(times[0] - started, between, per_second)

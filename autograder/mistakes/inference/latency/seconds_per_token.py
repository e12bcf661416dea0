"""Seconds per token are given instead of tokens per second.

Throughput is what one gets for a second, so the tokens stand above and the seconds below.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    return Latency(times[0] - started, between, (times[-1] - started) / len(times))

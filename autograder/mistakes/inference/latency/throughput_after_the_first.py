"""Tokens per second are counted from the first token on.

Throughput is what the whole answer brought for the whole time, the reading of the prompt
included.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    span = times[-1] - times[0] if len(times) > 1 else times[0] - started
    return Latency(times[0] - started, between, len(times) / span)

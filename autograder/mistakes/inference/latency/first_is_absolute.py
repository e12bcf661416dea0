"""The time of the first token is given, not how long it took.

A clock shows when something was. How long a reader waited is the difference to when the request
came.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    return Latency(times[0], between, len(times) / (times[-1] - started))

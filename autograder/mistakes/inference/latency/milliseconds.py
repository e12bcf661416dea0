"""Times are given in milliseconds.

Dashboards like milliseconds, but what came in were seconds, and seconds are due.
"""

from langmodels.inference import *


def latency(started, times):
    between = (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    per_second = len(times) / (times[-1] - started)
    return Latency(1000 * (times[0] - started), 1000 * between, per_second)

"""Sets the clock to zero when the request came."""

from langmodels.inference import *


def latency(started, times):
    since = [time - started for time in times]
    first, last, n = since[0], since[-1], len(since)
    return Latency(first, (last - first) / max(n - 1, 1), n / last)

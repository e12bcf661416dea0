"""Computes every gap, and their mean."""

from itertools import pairwise
from statistics import fmean

from langmodels.inference import *


def latency(started, times):
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return Latency(
        first=times[0] - started,
        between=fmean(gaps) if gaps else 0.0,
        per_second=len(times) / (times[-1] - started),
    )

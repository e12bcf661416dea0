"""The request that came last is read first.

A stack is a list's easiest end, but requests are taken in order: who has waited longest is next.
"""

from langmodels.inference import *

backwards = continuous_batching


def continuous_batching(model, requests, n_rows, capacity):
    return backwards(model, requests[::-1], n_rows, capacity)[::-1]

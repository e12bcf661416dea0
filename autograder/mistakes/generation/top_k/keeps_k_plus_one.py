"""One token too many stays.

Python counts from 0: the k-th largest is at place k - 1 of the sorted logits.
"""

from langmodels.generation import *


def top_k(logits, k):
    ordered = logits.sort(-1, descending=True).values
    bar = ordered[..., min(k, logits.shape[-1] - 1), None]
    return logits.masked_fill(logits < bar, -math.inf)

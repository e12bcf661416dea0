"""The k smallest logits stay.

The order is turned round: largest=False, or a sort that ascends, gives the bar of the least
probable ones.
"""

from langmodels.generation import *


def top_k(logits, k):
    bar = logits.topk(min(k, logits.shape[-1]), largest=False).values[..., -1:]
    return logits.masked_fill(logits > bar, -math.inf)

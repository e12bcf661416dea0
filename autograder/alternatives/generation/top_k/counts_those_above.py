"""Right: a token stays if fewer than k are above it."""

from langmodels.generation import *


def top_k(logits, k):
    above = (logits[..., None, :] > logits[..., :, None]).sum(-1)
    return logits.masked_fill(above >= k, float("-inf"))

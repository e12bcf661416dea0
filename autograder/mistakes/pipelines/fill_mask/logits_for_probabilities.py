"""Logits are given instead of probabilities.

A logit says nothing alone: a softmax over the vocabulary makes a probability of it.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits[tokens == mask_id].topk(n_best)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

"""The position after the mask is read.

A masked model says the hidden token at its own place. It is a decoder that says the next one.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits.roll(-1, 0)[tokens == mask_id].softmax(-1).topk(n_best)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

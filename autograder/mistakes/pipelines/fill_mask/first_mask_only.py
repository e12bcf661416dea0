"""Only the first mask is filled.

A text may hide several words, and each gets a list of its own.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits[tokens == mask_id][:1].softmax(-1).topk(n_best)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

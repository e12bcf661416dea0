"""Probability and token come in the other order.

The token comes first, then its probability.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits[tokens == mask_id].softmax(-1).topk(n_best)
    rows = zip(probabilities.tolist(), best.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

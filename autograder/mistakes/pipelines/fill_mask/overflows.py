"""The exponentials overflow.

exp of 1000 is infinite. softmax takes the largest logit off first.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities = logits[tokens == mask_id].exp()
    probabilities = probabilities / probabilities.sum(-1, keepdim=True)
    probabilities, best = probabilities.topk(n_best)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

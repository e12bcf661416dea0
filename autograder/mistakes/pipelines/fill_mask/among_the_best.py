"""The probabilities are those among the best tokens.

They would add up to one, however unsure the model is. The softmax is over all V tokens.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits[tokens == mask_id].softmax(-1).topk(n_best)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    probabilities = probabilities / probabilities.sum(-1, keepdim=True)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

"""The most probable token comes last.

Best first: that is what whoever takes the first one expects.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits[tokens == mask_id].softmax(-1).topk(n_best)
    probabilities, best = probabilities.flip(-1), best.flip(-1)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

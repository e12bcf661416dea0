"""The softmax is over the positions.

At one position the tokens compete, and positions do not.
"""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    probabilities, best = logits.softmax(0)[tokens == mask_id].topk(n_best)
    rows = zip(best.tolist(), probabilities.tolist(), strict=True)
    return [list(zip(*row, strict=True)) for row in rows]

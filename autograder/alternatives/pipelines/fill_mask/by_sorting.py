"""Right: all tokens are sorted."""

from langmodels.pipelines import *


def fill_mask(logits, tokens, mask_id, n_best=5):
    found = []
    for row, token in zip(logits, tokens.tolist(), strict=True):
        if token != mask_id:
            continue
        weights = (row - row.max()).exp()
        weights = weights / weights.sum()
        order = weights.argsort(descending=True)[:n_best]
        found.append([(int(best), float(weights[best])) for best in order])
    return found

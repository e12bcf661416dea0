"""Right: how far each token lies below the largest."""

from langmodels.generation import *


def min_p(logits, p):
    below = logits.amax(-1, keepdim=True) - logits
    limit = -math.log(p) if p > 0 else math.inf
    kept = (below <= limit) | (below == 0)
    return logits.masked_fill(~kept, -math.inf)

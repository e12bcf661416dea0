"""All rows are cut as the first one is.

Each row is a distribution of its own, with its own order and its own sums.
"""

from langmodels.generation import *


def top_p(logits, p):
    if logits.dim() == 1:
        return top_p(logits[None], p)[0]
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = (shares.cumsum(-1) - shares >= p).flatten(0, -2)[:1].expand_as(shares).clone()
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)

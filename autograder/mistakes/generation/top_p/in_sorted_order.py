"""The mask stays in sorted order.

The third in the order is not the third token of the vocabulary. What was found out there has to
go back to the tokens' own places.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered = logits.sort(-1, descending=True).values
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares.cumsum(-1) - shares >= p
    gone[..., 0] = False
    return logits.masked_fill(gone, -math.inf)

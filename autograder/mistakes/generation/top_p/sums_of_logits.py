"""The logits themselves are added up.

Logits are no shares of anything: they may be negative, and their sum depends on a constant that
means nothing. Softmax comes first.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.double()
    gone = shares.cumsum(-1) - shares >= p
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)

"""The sums are taken in the type of the logits.

In 16 bits a sum that has reached 0.5 does not notice shares of a thousandth any more: it stands
still, and thousands of tokens stay that should go.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1)
    gone = shares.cumsum(-1) - shares >= p
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)

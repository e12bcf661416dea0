"""One more token stays than is needed.

Shifting the mask by one place is right for the sums that include a token; those that do not
include it need no shift.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares.cumsum(-1) - shares >= p
    gone = gone.roll(1, -1)
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)

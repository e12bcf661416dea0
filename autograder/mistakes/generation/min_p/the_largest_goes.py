"""What equals the bar goes.

With p = 1 that is the most probable token itself. At least p times means that p times is enough.
"""

from langmodels.generation import *


def min_p(logits, p):
    if p == 0:
        return logits
    return logits.masked_fill(logits <= logits.amax(-1, keepdim=True) + math.log(p), -math.inf)

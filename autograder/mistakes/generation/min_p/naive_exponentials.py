"""The ratio is worked out from plain exponentials.

e to the power of 2000 is inf, and inf / inf is nan. Subtract the largest logit first, or compare
the logits themselves.
"""

from langmodels.generation import *


def min_p(logits, p):
    weights = logits.exp()
    return logits.masked_fill(~(weights >= p * weights.amax(-1, keepdim=True)), -math.inf)

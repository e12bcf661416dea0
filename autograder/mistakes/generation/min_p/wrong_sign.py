"""The logarithm is subtracted.

log(p) is negative already. Subtracted, the bar lies above the largest logit, and all tokens go.
"""

from langmodels.generation import *


def min_p(logits, p):
    if p == 0:
        return logits
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) - math.log(p), -math.inf)

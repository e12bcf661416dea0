"""The other logits become 0.

A logit of 0 weighs e^0 = 1 in the softmax. Only -inf has no probability.
"""

from langmodels.generation import *


def min_p(logits, p):
    if p == 0:
        return logits
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) + math.log(p), 0.0)

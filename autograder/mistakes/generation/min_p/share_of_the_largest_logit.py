"""The bar is a share of the largest logit.

A share of a logit means nothing: it depends on a constant that the softmax does not see, and
turns round where the logit is negative. A ratio of probabilities is a difference of logits.
"""

from langmodels.generation import *


def min_p(logits, p):
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) * p, -math.inf)

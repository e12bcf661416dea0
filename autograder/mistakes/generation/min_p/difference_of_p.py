"""The bar is p below the largest logit.

The logits of two tokens of which one is p times as probable differ by log(p), not by p.
"""

from langmodels.generation import *


def min_p(logits, p):
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) - p, -math.inf)

"""p = 0 takes the logarithm of 0.

math.log(0) raises an error. Asked for nothing, the function should do nothing.
"""

from langmodels.generation import *


def min_p(logits, p):
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) + math.log(p), -math.inf)

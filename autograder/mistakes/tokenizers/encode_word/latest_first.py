"""The merge that was learned last is made first.

A high id was learned late. It needs tokens that earlier merges make, and in the training text
those came first.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while len(ids) > 1:
        pair = max(pairwise(ids), key=lambda pair: merges.get(pair, -1))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids

"""The number of the merge is written instead of its id.

The first merge is token 256, not 0. 0 is a byte.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while len(ids) > 1:
        pair = min(pairwise(ids), key=lambda pair: merges.get(pair, math.inf))
        if pair not in merges:
            break
        ids = merge(ids, pair, list(merges).index(pair))
    return ids

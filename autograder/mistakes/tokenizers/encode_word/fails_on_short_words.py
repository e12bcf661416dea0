"""It fails on a word of one byte, or none.

min of no pairs raises a ValueError. A word of one byte is its own token.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while True:
        pair = min(pairwise(ids), key=lambda pair: merges.get(pair, math.inf))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids

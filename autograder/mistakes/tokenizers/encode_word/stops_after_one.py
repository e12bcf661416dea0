"""Only one merge is made.

The loop ends after the first merge. It ends when no pair of neighbours has a merge any more.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    for _ in range(min(1, len(ids) - 1)):
        pair = min(pairwise(ids), key=lambda pair: merges.get(pair, math.inf))
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids

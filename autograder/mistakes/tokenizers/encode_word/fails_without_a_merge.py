"""It fails where no pair has a merge.

Most words end with pairs that were never merged. merges[pair] raises a KeyError for them: ask
with get, or with in.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while len(ids) > 1:
        pair = min(pairwise(ids), key=lambda pair: merges[pair])
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids

"""Merges are made once, among the bytes.

A merge brings a token that may be in other pairs. Look again until no pair of neighbours has a
merge.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    found = [pair for pair in pairwise(ids) if pair in merges]
    for pair in sorted(set(found), key=merges.get):
        ids = merge(ids, pair, merges[pair])
    return ids

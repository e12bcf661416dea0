"""The leftmost pair that has a merge is merged first.

The order of learning decides, not the place. Read from the left, a word is cut otherwise than it
was in training.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while len(ids) > 1:
        pair = next((pair for pair in pairwise(ids) if pair in merges), None)
        if pair not in merges:
            break
        ids = merge(ids, pair, merges[pair])
    return ids

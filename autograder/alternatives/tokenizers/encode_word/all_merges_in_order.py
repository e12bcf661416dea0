"""Goes through all merges in their order and makes each of them."""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = [*word]
    for pair in sorted(merges, key=lambda pair: merges[pair]):
        ids = merge(ids, pair, merges[pair])
    return ids

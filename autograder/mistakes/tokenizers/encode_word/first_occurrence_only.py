"""Of several occurrences only one is merged, before another pair comes.

Going on with the next pair in the list, each merge is made at one place. All occurrences are
merged before one that was learned later.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    for pair, new_id in merges.items():
        if pair in pairwise(ids):
            place = list(pairwise(ids)).index(pair)
            ids[place : place + 2] = [new_id]
    return ids

"""In a run the last pair is merged first.

Runs are merged from left to right, in training and here. From the other end, an odd one is left
at the beginning.
"""

from langmodels.tokenizers import *


def encode_word(word, merges):
    ids = list(word)
    while True:
        places = [n for n in range(len(ids) - 1) if (ids[n], ids[n + 1]) in merges]
        if not places:
            return ids
        lowest = min(merges[ids[n], ids[n + 1]] for n in places)
        n = max(n for n in places if merges[ids[n], ids[n + 1]] == lowest)
        ids[n : n + 2] = [lowest]

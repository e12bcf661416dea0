"""A pair at the very end is not seen.

The last place where a pair can begin is the last but one. A bound that is one too low leaves it
there.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged = []
    position = 0
    while position < len(ids):
        if position + 2 < len(ids) and tuple(ids[position : position + 2]) == pair:
            merged.append(new_id)
            position += 2
        else:
            merged.append(ids[position])
            position += 1
    return merged

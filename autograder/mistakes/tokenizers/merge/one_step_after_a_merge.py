"""After a merge it goes on one place further instead of two.

The right half of the pair is then kept as well, or merged a second time. What was replaced is two
ids long.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged = []
    position = 0
    while position < len(ids):
        if tuple(ids[position : position + 2]) == pair:
            merged.append(new_id)
            position += 1
        else:
            merged.append(ids[position])
            position += 1
    return merged

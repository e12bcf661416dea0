"""The last id is lost unless it is merged.

A loop over pairs of neighbours has one step less than there are ids. The last one stands alone
where it was not merged.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged = []
    position = 0
    while position < len(ids) - 1:
        if tuple(ids[position : position + 2]) == pair:
            merged.append(new_id)
            position += 2
        else:
            merged.append(ids[position])
            position += 1
    return merged

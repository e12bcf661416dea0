"""The pair is merged in either order.

(1, 2) is 1 and then 2. 2 and then 1 is another pair, with a count and perhaps an id of its own.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged = []
    position = 0
    while position < len(ids):
        if tuple(ids[position : position + 2]) in (pair, pair[::-1]):
            merged.append(new_id)
            position += 2
        else:
            merged.append(ids[position])
            position += 1
    return merged

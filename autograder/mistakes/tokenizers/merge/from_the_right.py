"""Runs are merged from right to left.

In a a a the first two are taken. From the right the last two would be, and training and encoding
no longer agree.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged, place = [], len(ids)
    while place > 0:
        if place > 1 and (ids[place - 2], ids[place - 1]) == pair:
            merged.append(new_id)
            place -= 2
        else:
            merged.append(ids[place - 1])
            place -= 1
    return merged[::-1]

"""A copy that is read from its end, popping."""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    left, merged = list(ids)[::-1], []
    while left:
        number = left.pop()
        if left and (number, left[-1]) == tuple(pair):
            left.pop()
            number = new_id
        merged.append(number)
    return merged

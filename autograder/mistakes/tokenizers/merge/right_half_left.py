"""The new id is put in front of the right half.

Two ids become one. Here the left one is replaced and the right one stays, so the text grows by a
piece.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    merged = []
    for place, number in enumerate(ids):
        merged.append(new_id if tuple(ids[place : place + 2]) == pair else number)
    return merged

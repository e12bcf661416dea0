"""The list that was given is changed.

Whoever calls the function keeps their ids: training goes through the same lists again. Build a
new one.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    place = 0
    while place < len(ids) - 1:
        if (ids[place], ids[place + 1]) == pair:
            ids[place : place + 2] = [new_id]
        place += 1
    return ids

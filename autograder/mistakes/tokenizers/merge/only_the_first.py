"""Only the first occurrence is merged.

list.index finds one place. Every occurrence is replaced, or the pair is found again in the next
round.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    ids = list(ids)
    for place in range(len(ids) - 1):
        if (ids[place], ids[place + 1]) == pair:
            return [*ids[:place], new_id, *ids[place + 2 :]]
    return ids

"""What was merged is looked at again.

After a replacement it looks back at the new id. One call makes one merge: an id that came from it
may be part of the next merge, not of this one.
"""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    ids, place = list(ids), 0
    while place < len(ids) - 1:
        if (ids[place], ids[place + 1]) == pair:
            ids[place : place + 2] = [new_id]
            place = max(0, place - 1)
        else:
            place += 1
    return ids

"""The lowest id is searched among all places after each merge.

Few pairs are looked up, but for each merge all ids that are possible are compared. A heap finds
the lowest with log n comparisons.
"""

from langmodels.tokenizers import *


# Only its cost is wrong.
def encode_fast(word, merges):
    ids = list(word)
    ranks = [merges.get(pair, None) for pair in pairwise(ids)]
    while any(rank is not None for rank in ranks):
        place, new_id = None, None
        for number, rank in enumerate(ranks):
            if rank is not None and (place is None or rank < new_id):
                place, new_id = number, rank
        ids[place : place + 2] = [new_id]
        del ranks[place]
        if place:
            ranks[place - 1] = merges.get((ids[place - 1], new_id))
        if place + 1 < len(ids):
            ranks[place] = merges.get((new_id, ids[place + 1]))
    return ids

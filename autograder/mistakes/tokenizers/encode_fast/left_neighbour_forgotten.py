"""The pair with the token before the merge is not put on the heap.

The new token has neighbours on both sides, and may be the right half of a pair.
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
            heappush(heap, (new_id, left, pair))

    for position in range(end - 1):
        consider(position, position + 1)
    gone = -1
    while heap:
        new_id, left, pair = heappop(heap)
        right = following[left]
        if right == end or (ids[left], ids[right]) != pair:
            continue
        ids[left], ids[right] = new_id, gone
        after = following[left] = following[right]
        preceding[after] = left
        if after < end:
            consider(left, after)
    return [token for token in ids if token != gone]

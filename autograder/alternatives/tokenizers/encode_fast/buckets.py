"""For each id a heap of its places, and a heap of the ids that have any."""

from langmodels.tokenizers import *


def encode_fast(word, merges):
    ids = [*word]
    n = len(ids)
    before, after = [*range(-1, n - 1)], [*range(1, n + 1)]
    buckets, order = {}, []

    def note(left):
        right = after[left] if left >= 0 else n
        if right < n:
            new_id = merges.get((ids[left], ids[right]))
            if new_id is not None:
                key = int(new_id)
                if key not in buckets:
                    buckets[key] = (new_id, [])
                    heappush(order, new_id)
                heappush(buckets[key][1], (left, right, ids[left], ids[right]))

    for left in range(n - 1):
        note(left)
    while order:
        new_id, places = buckets[int(order[0])]
        if not places:
            del buckets[int(heappop(order))]
            continue
        left, right, a, b = heappop(places)
        if ids[left] != a or ids[right] != b or after[left] != right:
            continue
        ids[left], ids[right] = int(new_id), -1
        after[left] = after[right]
        if after[left] < n:
            before[after[left]] = left
        note(before[left])
        note(left)
    return [number for number in ids if number >= 0]

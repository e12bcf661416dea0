"""One linked list of all bytes; each pair knows its places."""

from langmodels.tokenizers import *


def train_bpe_fast(word_counts, n_merges):
    ids, weight, before, after = [], [], [], []
    for word, count in word_counts.items():
        for place, byte in enumerate(word):
            here = len(ids)
            ids.append(byte)
            weight.append(count)
            before.append(here - 1 if place else None)
            after.append(here + 1 if place + 1 < len(word) else None)
    counts, places = defaultdict(int), defaultdict(set)

    def change(left, sign):
        pair = ids[left], ids[after[left]]
        if sign > 0:
            counts[pair] += weight[left]
            places[pair].add(left)
        else:
            counts[pair] -= weight[left]
            places[pair].discard(left)
        return pair

    for here, follower in enumerate(after):
        if follower is not None:
            change(here, 1)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapify(heap)
    merges = {}
    while heap and len(merges) < n_merges:
        negative, pair = heappop(heap)
        if -negative != counts[pair]:
            if counts[pair] > 0:
                heappush(heap, (-counts[pair], pair))
            continue
        new_id = merges[pair] = 256 + len(merges)
        fresh = set()
        for here in sorted(places[pair]):
            there = after[here]
            if ids[here] != pair[0] or there is None or ids[there] != pair[1]:
                continue
            if before[here] is not None:
                change(before[here], -1)
            if after[there] is not None:
                change(there, -1)
            ids[here], ids[there] = new_id, None
            after[here] = after[there]
            if after[there] is not None:
                before[after[there]] = here
                fresh.add(change(here, 1))
            if before[here] is not None:
                fresh.add(change(before[here], 1))
        del counts[pair], places[pair]
        for new_pair in fresh:
            if counts[new_pair] > 0:
                heappush(heap, (-counts[new_pair], new_pair))
    return merges

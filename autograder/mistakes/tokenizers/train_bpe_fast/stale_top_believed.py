"""The top of the heap is taken without a look at its count.

Counts fall while an entry waits on the heap. Compare it with the count as it is now, and put it
back if it has changed.
"""

from langmodels.tokenizers import *


def train_bpe_fast(word_counts, n_merges):
    words = [list(word) for word in word_counts]
    counts = list(word_counts.values())
    pair_counts = defaultdict(int)
    where = defaultdict(set)
    for number, (ids, count) in enumerate(zip(words, counts, strict=True)):
        for pair in pairwise(ids):
            pair_counts[pair] += count
            where[pair].add(number)
    heap = [(-count, pair) for pair, count in pair_counts.items()]
    heapify(heap)
    merges = {}
    while heap and len(merges) < n_merges:
        _negative, pair = heappop(heap)
        merges[pair] = new_id = 256 + len(merges)
        left, right = pair
        made = set()
        for number in where.pop(pair):
            ids, count = words[number], counts[number]
            position, last = 0, len(ids) - 1
            while position < last:
                if ids[position] != left or ids[position + 1] != right:
                    position += 1
                    continue
                ids[position : position + 2] = [new_id]
                last -= 1
                if position:
                    before = ids[position - 1]
                    pair_counts[before, left] -= count
                    pair_counts[before, new_id] += count
                    where[before, new_id].add(number)
                    made.add((before, new_id))
                if position < last:
                    after = ids[position + 1]
                    pair_counts[right, after] -= count
                    pair_counts[new_id, after] += count
                    where[new_id, after].add(number)
                    made.add((new_id, after))
                position += 1
        del pair_counts[pair]
        for new_pair in made:
            if count := pair_counts[new_pair]:
                heappush(heap, (-count, new_pair))
    return merges

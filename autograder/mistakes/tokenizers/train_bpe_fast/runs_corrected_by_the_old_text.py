"""Neighbours are read from the word as it was before the merge.

Where the pair stands twice in a row, the left neighbour of the second is the new token. Change
the word as you go.
"""

from langmodels.tokenizers import *


def train_bpe_fast(word_counts, n_merges):
    words = [list(word) for word in word_counts]
    counts = list(word_counts.values())
    pair_counts = defaultdict(int)
    where = defaultdict(set)
    for number, ids in enumerate(words):
        for pair in pairwise(ids):
            pair_counts[pair] += counts[number]
            where[pair].add(number)
    merges = {}
    while len(merges) < n_merges:
        pair = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair), default=None)
        if pair is None or pair_counts[pair] <= 0:
            break
        merges[pair] = new_id = 256 + len(merges)
        for number in where.pop(pair, ()):
            ids, count = words[number], counts[number]
            place = 0
            while place < len(ids) - 1:
                if (ids[place], ids[place + 1]) != pair:
                    place += 1
                    continue
                if place:
                    pair_counts[ids[place - 1], pair[0]] -= count
                    pair_counts[ids[place - 1], new_id] += count
                    where[ids[place - 1], new_id].add(number)
                if place + 2 < len(ids):
                    pair_counts[pair[1], ids[place + 2]] -= count
                    pair_counts[new_id, ids[place + 2]] += count
                    where[new_id, ids[place + 2]].add(number)
                place += 2
            words[number] = merge(ids, pair, new_id)
        del pair_counts[pair]
    return merges

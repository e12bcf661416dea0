"""Takes each word that holds the pair out of the counts and puts it back merged; max, no heap."""

import itertools

from langmodels.tokenizers import *


def train_bpe_fast(word_counts, n_merges):
    words = {word: [*word] for word in word_counts}
    pair_counts, holders = Counter(), {}
    for word, ids in words.items():
        for pair in itertools.pairwise(ids):
            pair_counts[pair] += word_counts[word]
            holders.setdefault(pair, {})[word] = True
    merges = {}
    for new_id in range(256, 256 + n_merges):
        if not pair_counts:
            break
        best = max(pair_counts, key=lambda p: (pair_counts[p], -p[0], -p[1]))
        merges[best] = new_id
        for word in [*holders[best]]:
            old = words[word]
            new = words[word] = merge(old, best, new_id)
            if len(new) == len(old):
                continue
            for pair in itertools.pairwise(old):
                pair_counts[pair] -= word_counts[word]
                if not pair_counts[pair]:
                    del pair_counts[pair]
            for pair in itertools.pairwise(new):
                pair_counts[pair] += word_counts[word]
                holders.setdefault(pair, {})[word] = True
    return merges

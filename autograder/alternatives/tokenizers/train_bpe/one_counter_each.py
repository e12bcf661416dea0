"""A Counter of tuples, with max over (count, negated ids); words as tuples."""

import itertools

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    words = {tuple(word): count for word, count in word_counts.items()}
    merges = {}
    while len(merges) < n_merges:
        counts = {}
        for word, count in words.items():
            for left, right in itertools.pairwise(word):
                counts[left, right] = counts.get((left, right), 0) + count
        if not counts:
            return merges
        best = max(counts, key=lambda pair: (counts[pair], -pair[0], -pair[1]))
        merges[best] = 256 + len(merges)
        # Two words never become the same: their bytes differ.
        words = {tuple(merge(word, best, merges[best])): n for word, n in words.items()}
    return merges

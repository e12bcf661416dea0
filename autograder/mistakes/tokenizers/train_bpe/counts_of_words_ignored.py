"""Each word counts once, however often it occurs.

A pair in a word that occurs ten times stands ten times in the text. Add the count of the word,
not 1.
"""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = {}
    for new_id in range(256, 256 + n_merges):
        pair_counts = Counter()
        for ids, _count in words:
            for pair in pairwise(ids):
                pair_counts[pair] += 1
        if not pair_counts:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

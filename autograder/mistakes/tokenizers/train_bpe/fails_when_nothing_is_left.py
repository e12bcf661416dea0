"""It fails when no pair is left.

Short texts have fewer pairs than merges are wanted: min of nothing raises a ValueError. Stop
there and give what was learned.
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
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

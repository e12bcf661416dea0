"""It learns one merge too many.

n_merges counts merges, and the bytes are not among them. The last id is 255 + n_merges.
"""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = {}
    for new_id in range(256, 257 + n_merges):
        pair_counts = Counter()
        for ids, count in words:
            for pair in pairwise(ids):
                pair_counts[pair] += count
        if not pair_counts:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

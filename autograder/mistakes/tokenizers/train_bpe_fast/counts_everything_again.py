"""All pairs are counted again after each merge.

The result is right. But a merge touches a handful of words of many thousands, and the counts of
all the others were known.
"""

from langmodels.tokenizers import *


# Only its cost is wrong.
def train_bpe_fast(word_counts, n_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = {}
    for new_id in range(256, 256 + n_merges):
        pair_counts = defaultdict(int)
        for ids, count in words:
            for pair in pairwise(ids):
                pair_counts[pair] += count
        if not pair_counts:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

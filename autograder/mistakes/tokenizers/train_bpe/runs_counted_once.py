"""In a run each byte is counted in one pair only.

In a a a the pair (a, a) stands twice, at two places. That one of the two is left over when it is
merged does not change the count.
"""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = {}
    for new_id in range(256, 256 + n_merges):
        pair_counts = Counter()
        for ids, count in words:
            taken = -1
            for place, pair in enumerate(pairwise(ids)):
                if pair[0] == pair[1] and taken == place:
                    continue
                taken = place + 1
                pair_counts[pair] += count
        if not pair_counts:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

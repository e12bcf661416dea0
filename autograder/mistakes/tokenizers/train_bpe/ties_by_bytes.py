"""Of equal counts the pair with the lowest bytes is taken.

Ids are compared, not what the tokens stand for. They agree for single bytes, and differ as soon
as merged tokens take part.
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
        if not pair_counts:
            break
        table = token_bytes(merges)
        best = min(
            pair_counts,
            key=lambda pair: (-pair_counts[pair], table[pair[0]], table[pair[1]]),
        )
        merges[best] = new_id
        words = [(merge(ids, best, new_id), count) for ids, count in words]
    return merges

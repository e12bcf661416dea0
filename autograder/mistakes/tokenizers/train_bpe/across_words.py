"""Pairs reach from one word into the next.

All words are laid end to end. Words are cut apart so that no token crosses a space; their order
in the dict means nothing.
"""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    ids = [byte for word, count in word_counts.items() for _ in range(count) for byte in word]
    merges = {}
    for new_id in range(256, 256 + n_merges):
        pair_counts = Counter(pairwise(ids))
        if not pair_counts:
            break
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
        merges[best] = new_id
        ids = merge(ids, best, new_id)
    return merges

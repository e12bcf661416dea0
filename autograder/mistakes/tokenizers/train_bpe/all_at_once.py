"""The most frequent pairs of the bytes are taken, all at once.

After a merge the counts are others: pairs vanish and new ones with the new token come. Count
again after each.
"""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    pair_counts = Counter()
    for word, count in word_counts.items():
        for pair in pairwise(word):
            pair_counts[pair] += count
    order = sorted(pair_counts, key=lambda pair: (-pair_counts[pair], pair))[:n_merges]
    return {pair: 256 + number for number, pair in enumerate(order)}

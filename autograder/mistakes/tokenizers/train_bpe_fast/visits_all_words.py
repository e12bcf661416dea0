"""All words are taken apart and counted again, whether they hold the pair or not.

Subtracting and adding the pairs of a word is right, but only where something changes. Remember
which words hold a pair.
"""

from langmodels.tokenizers import *


# Only its cost is wrong.
def train_bpe_fast(word_counts, n_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    pair_counts = defaultdict(int)
    for ids, count in words:
        for pair in pairwise(ids):
            pair_counts[pair] += count
    merges = {}
    for new_id in range(256, 256 + n_merges):
        best = min(pair_counts, key=lambda pair: (-pair_counts[pair], pair), default=None)
        if best is None or not pair_counts[best]:
            break
        merges[best] = new_id
        for number, (ids, count) in enumerate(words):
            for pair in pairwise(ids):
                pair_counts[pair] -= count
            ids = merge(ids, best, new_id)
            for pair in pairwise(ids):
                pair_counts[pair] += count
            words[number] = ids, count
    return merges

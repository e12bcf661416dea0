"""Incremental counts from the start, as the fast version has them."""

from langmodels.tokenizers import *


def train_bpe(word_counts, n_merges):
    return train_bpe_fast(dict(word_counts), n_merges)

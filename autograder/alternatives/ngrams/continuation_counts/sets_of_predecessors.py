"""Collects the set of tokens before each end and returns a plain dict of their sizes."""

from langmodels.ngrams import *


def continuation_counts(counts):
    before = {}
    for first, *rest in (ngram for ngram in counts if counts[ngram] >= 1):
        before.setdefault(tuple(rest), set()).add(first)
    return {end: len(tokens) for end, tokens in before.items()}

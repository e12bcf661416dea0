"""Rare n-grams are dropped even where a longer one that begins with them stays.

The longer n-gram then hangs in the air: its context has no line of its own that could carry the
weight, and an ARPA file without it is not valid.
"""

from langmodels.ngrams import *


def prune(model, counts, cutoffs):
    kept = {}
    for m in range(model.order, 0, -1):
        for ngram, p in model.probabilities.items():
            if len(ngram) != m:
                continue
            if m == 1 or counts[m - 1][ngram] >= cutoffs[m - 1]:
                kept[ngram] = p
    backoffs = {}
    pruned = BackoffModel(model.order, model.vocabulary, kept, backoffs)
    for m in range(2, model.order + 1):
        here, below = Counter(), Counter()
        for ngram, p in kept.items():
            if len(ngram) == m:
                here[ngram[:-1]] += p
                below[ngram[:-1]] += pruned.prob(ngram[-1], ngram[1:-1])
        for context in here:
            left = 1 - below[context]
            backoffs[context] = (1 - here[context]) / left if left > 1e-12 else 0.0
    return pruned

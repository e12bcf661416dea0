"""The cutoff of order 1 is applied, and rare words leave the vocabulary.

Those words are then read as <unk>, whose probability does not grow with them, so the sums fall
below 1. Words always stay; which of them there are is decided before a model is estimated.
"""

from langmodels.ngrams import *


def prune(model, counts, cutoffs):
    kept = {}
    for m in range(model.order, 0, -1):
        contexts = {ngram[:-1] for ngram in kept if len(ngram) == m + 1}
        for ngram, p in model.probabilities.items():
            if len(ngram) != m:
                continue
            needed = ngram in contexts or ngram in ((EOS,), (UNK,))
            if needed or counts[m - 1].get(ngram, 0) >= cutoffs[m - 1]:
                kept[ngram] = p
    backoffs = {}
    vocabulary = {ngram[0] for ngram in kept if len(ngram) == 1}
    pruned = BackoffModel(model.order, vocabulary, kept, backoffs)
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

"""The weight is 1 - Σ P(w | h); the sum of P(w | h') is forgotten.

The lower order speaks only for words that are not stored after h, so what is left must be divided
by their share of it. Without the denominator the probabilities sum to less than 1.
"""

from langmodels.ngrams import *


def prune(model, counts, cutoffs):
    kept = {}
    for m in range(model.order, 0, -1):
        contexts = {ngram[:-1] for ngram in kept if len(ngram) == m + 1}
        for ngram, p in model.probabilities.items():
            if len(ngram) != m:
                continue
            if m == 1 or counts[m - 1][ngram] >= cutoffs[m - 1] or ngram in contexts:
                kept[ngram] = p
    backoffs = {}
    pruned = BackoffModel(model.order, model.vocabulary, kept, backoffs)
    for m in range(2, model.order + 1):
        here = Counter()
        for ngram, p in kept.items():
            if len(ngram) == m:
                here[ngram[:-1]] += p
        for context in here:
            backoffs[context] = max(0.0, 1 - here[context])
    return pruned

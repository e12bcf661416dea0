"""The weights are copied from the model, though n-grams are gone.

What the dropped n-grams had is handed to nobody, and the probabilities after their context sum to
less than 1. Each weight has to be computed anew from what is still stored.
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
    return BackoffModel(model.order, model.vocabulary, kept, model.backoffs)

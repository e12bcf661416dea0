"""An n-gram stays for a longer one that is frequent, but not for one that stays itself for a third.

If "p q r s" stays, "p q r" must, and then "p q" as well. Going from long n-grams to short ones
settles each before its own context is looked at.
"""

from langmodels.ngrams import *


def prune(model, counts, cutoffs):
    kept = {}
    for m in range(model.order, 0, -1):
        contexts = {
            ngram[:-1] for ngram in kept if len(ngram) == m + 1 and counts[m][ngram] >= cutoffs[m]
        }
        for ngram, p in model.probabilities.items():
            if len(ngram) != m:
                continue
            if m == 1 or counts[m - 1][ngram] >= cutoffs[m - 1] or ngram in contexts:
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

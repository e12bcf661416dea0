"""Right: copies the tables and deletes, asking for each n-gram whether it may go.

Whether an n-gram stays is a recursive question to the longer n-grams that begin with it.
"""

from langmodels.ngrams import *


def prune(model, counts, cutoffs):
    longer = defaultdict(list)
    for ngram in model.probabilities:
        longer[ngram[:-1]].append(ngram)

    def stays(ngram):
        order = len(ngram)
        frequent = order == 1 or counts[order - 1].get(ngram, 0) >= cutoffs[order - 1]
        return frequent or any(stays(child) for child in longer.get(ngram, ()))

    probabilities = dict(model.probabilities)
    for ngram in model.probabilities:
        if not stays(ngram):
            del probabilities[ngram]

    pruned = BackoffModel(model.order, model.vocabulary, probabilities, {})
    rows = defaultdict(dict)
    for ngram in probabilities:
        rows[ngram[:-1]][ngram[-1]] = probabilities[ngram]
    for context in sorted((c for c in rows if c), key=len):
        # What is left here, and below: sums over the words that are not stored after h.
        rest = [word for word in model.vocabulary if word not in rows[context]]
        below = math.fsum(pruned.prob(word, context[1:]) for word in rest)
        here = 1 - math.fsum(rows[context].values())
        pruned.backoffs[context] = here / below if rest and below > 0 else 0.0
    return pruned

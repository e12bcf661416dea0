"""Right: marks what stays from the longest n-grams down, weights by recursion with a memory.

The weights are computed in any order, since a context first asks for those that it leans on.
"""

from functools import cache

from langmodels.ngrams import *


def prune(model, counts, cutoffs):
    stay = {ngram for ngram in model.probabilities if len(ngram) == 1}
    for ngram in model.probabilities:
        m = len(ngram)
        if m > 1 and counts[m - 1][ngram] >= cutoffs[m - 1]:
            stay.update(ngram[:end] for end in range(2, m + 1))
    table = {ngram: model.probabilities[ngram] for ngram in stay}

    after = {}
    for *context, word in table:
        after.setdefault(tuple(context), set()).add(word)

    @cache
    def weight(context):
        words = after.get(context)
        if not words:
            return 1.0
        taken = sum(p(word, context[1:]) for word in words)
        kept = sum(table[(*context, word)] for word in words)
        return 0.0 if len(words) == len(model.vocabulary) else (1 - kept) / (1 - taken)

    def p(word, context):
        if (*context, word) in table:
            return table[(*context, word)]
        return weight(context) * p(word, context[1:])

    weights = {context: weight(context) for context in after if context}
    return BackoffModel(model.order, model.vocabulary, table, weights)

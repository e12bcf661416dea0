"""Seen n-grams keep only their discounted share; the lower order is not added.

The weight spreads the discounted mass over all words, the seen ones too. If these do not take
their part of it, the probabilities after a context sum to less than 1.

See: smoothing#eq-kneser-ney
"""

from langmodels.ngrams import *


def kneser_ney(sentences, order, vocabulary=None, discounts=None):
    sentences = list(sentences)
    if vocabulary is None:
        vocabulary = build_vocabulary(sentences)
    sentences = map_unknown(sentences, vocabulary)
    raw = [count_ngrams(sentences, m) for m in range(1, order + 1)]
    probabilities, backoffs = {}, {}
    for m in range(1, order + 1):
        counts = raw[m - 1]
        if m < order:
            at_start = {gram: count for gram, count in counts.items() if gram[0] == BOS}
            counts = continuation_counts(raw[m]) + Counter(at_start)
        d = discounts[m - 1] if discounts else modified_discounts(counts)
        totals, freed = Counter(), Counter()
        for gram, count in counts.items():
            totals[gram[:-1]] += count
            freed[gram[:-1]] += d[min(count, 3) - 1]
        for context in totals:
            backoffs[context] = freed[context] / totals[context]
        for gram, count in counts.items():
            lower = probabilities[gram[1:]] if m > 1 else 1 / len(vocabulary)
            share = (count - d[min(count, 3) - 1]) / totals[gram[:-1]]
            probabilities[gram] = share if m > 1 else share + backoffs[gram[:-1]] * lower
        if m == 1:
            for word in vocabulary:
                probabilities.setdefault((word,), backoffs.get((), 1.0) / len(vocabulary))
    return BackoffModel(order, vocabulary, probabilities, backoffs)

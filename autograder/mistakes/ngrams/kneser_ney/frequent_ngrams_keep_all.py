"""Only n-grams with a count of exactly 3 lose D_3+, those with more lose nothing.

D_3+ is for three *or more*. Leaving the frequent n-grams whole leaves less for the unseen ones
than the held-out estimate behind the discounts says they need.
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
        d = {1: d[0], 2: d[1], 3: d[2]}
        totals, freed = Counter(), Counter()
        for gram, count in counts.items():
            totals[gram[:-1]] += count
            freed[gram[:-1]] += d.get(count, 0.0)
        for context in totals:
            backoffs[context] = freed[context] / totals[context]
        for gram, count in counts.items():
            lower = probabilities[gram[1:]] if m > 1 else 1 / len(vocabulary)
            share = (count - d.get(count, 0.0)) / totals[gram[:-1]]
            probabilities[gram] = share + backoffs[gram[:-1]] * lower
        if m == 1:
            for word in vocabulary:
                probabilities.setdefault((word,), backoffs.get((), 1.0) / len(vocabulary))
    return BackoffModel(order, vocabulary, probabilities, backoffs)

"""Order 1 is neither discounted nor mixed with the uniform distribution.

The recursion ends one step too early, at the continuation counts of single words. These give
unseen words no probability, and the discounts of order 1 are never used.
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
            if m == 1:
                probabilities[gram] = count / totals[()]
                continue
            lower = probabilities[gram[1:]]
            share = (count - d[min(count, 3) - 1]) / totals[gram[:-1]]
            probabilities[gram] = share + backoffs[gram[:-1]] * lower
        if m == 1:
            for word in vocabulary:
                probabilities.setdefault((word,), 0.0 if totals else 1 / len(vocabulary))
    return BackoffModel(order, vocabulary, probabilities, backoffs)

"""The lower orders use plain counts instead of continuation counts.

This is absolute discounting, not Kneser-Ney: "Francisco" stays likely everywhere because it is
frequent, although it only ever follows "San". How often a word starts something new is what the
lower orders are asked for.

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
            probabilities[gram] = share + backoffs[gram[:-1]] * lower
        if m == 1:
            for word in vocabulary:
                probabilities.setdefault((word,), backoffs.get((), 1.0) / len(vocabulary))
    return BackoffModel(order, vocabulary, probabilities, backoffs)

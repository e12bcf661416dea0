"""The uniform distribution below order 1 is over the words seen, not over the vocabulary.

P_0 is 1/V, and V counts <unk> and the words that never occur as well. They get a share of the
same size, so with a smaller denominator the whole sums to more than 1.
"""

from langmodels.ngrams import *


def kneser_ney(sentences, order, vocabulary=None, discounts=None):
    sentences = list(sentences)
    if vocabulary is None:
        vocabulary = build_vocabulary(sentences)
    sentences = map_unknown(sentences, vocabulary)
    raw = [count_ngrams(sentences, m) for m in range(1, order + 1)]
    probabilities, backoffs = {}, {}
    uniform = 1 / max(1, len(raw[0]))
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
            lower = probabilities[gram[1:]] if m > 1 else uniform
            share = (count - d[min(count, 3) - 1]) / totals[gram[:-1]]
            probabilities[gram] = share + backoffs[gram[:-1]] * lower
        if m == 1:
            for word in vocabulary:
                probabilities.setdefault((word,), backoffs.get((), 1.0) * uniform)
    return BackoffModel(order, vocabulary, probabilities, backoffs)

"""Right: each P_m is a recursive function, in exact fractions until the end.

The table is filled by asking that function for every n-gram seen, in no particular order.
"""

from fractions import Fraction
from functools import cache

from langmodels.ngrams import *


def kneser_ney(sentences, order, vocabulary=None, discounts=None):
    sentences = [list(sentence) for sentence in sentences]
    vocabulary = build_vocabulary(sentences) if vocabulary is None else frozenset(vocabulary)
    texts = [pad(sentence) for sentence in map_unknown(sentences, vocabulary)]
    seen = [{} for _ in range(order + 2)]
    for m in range(1, order + 1):
        for text in texts:
            for i in range(len(text) - m + 1):
                gram = tuple(text[i : i + m])
                seen[m][gram] = seen[m].get(gram, 0) + 1
    seen[1].pop((BOS,), None)

    before = {}
    for m in range(2, order + 1):
        for gram in seen[m]:
            before.setdefault(gram[1:], set()).add(gram[0])

    def a(gram):
        if len(gram) == order or gram[0] == BOS:
            return seen[len(gram)].get(gram, 0)
        return len(before.get(gram, ()))

    if not discounts:
        discounts = [modified_discounts({g: a(g) for g in seen[m]}) for m in range(1, order + 1)]
    exact = [tuple(map(Fraction, row)) for row in discounts]

    def taken(gram):
        return exact[len(gram) - 1][min(a(gram), 3) - 1]

    followers = {}
    for m in range(1, order + 1):
        for gram in seen[m]:
            followers.setdefault(gram[:-1], []).append(gram)

    @cache
    def weight(context):
        grams = followers[context]
        return sum(map(taken, grams)) / sum(map(a, grams))

    @cache
    def p(gram):
        if not gram:
            return Fraction(1, len(vocabulary))
        if gram[:-1] not in followers:
            return p(gram[1:])
        below = weight(gram[:-1]) * p(gram[1:] if len(gram) > 1 else ())
        if not seen[len(gram)].get(gram):
            return below
        return (a(gram) - taken(gram)) / sum(map(a, followers[gram[:-1]])) + below

    probabilities = {(word,): float(p((word,))) for word in vocabulary}
    for m in range(2, order + 1):
        probabilities |= {gram: float(p(gram)) for gram in seen[m]}
    backoffs = {context: float(weight(context)) for context in followers}
    return BackoffModel(order, vocabulary, probabilities, backoffs)

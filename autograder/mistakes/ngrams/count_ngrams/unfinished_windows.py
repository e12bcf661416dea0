"""The windows at the end of a sentence are counted although they are too short.

A slice that reaches past the end of a list is not an error in Python, it is just shorter. So
tuples with fewer than n tokens slip in among the n-grams.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        counts.update(tuple(tokens[i : i + order]) for i in range(len(tokens)))
    counts.pop((BOS,), None)
    return counts

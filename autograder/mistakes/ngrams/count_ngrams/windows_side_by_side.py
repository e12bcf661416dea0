"""The window moves on by n tokens instead of by one.

N-grams overlap: each token is predicted from the ones before it, so each token ends a window of
its own. Cut into pieces side by side, most of the text is never counted as a prediction.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        starts = range(0, len(tokens) - order + 1, order)
        counts.update(tuple(tokens[i : i + order]) for i in starts)
    counts.pop((BOS,), None)
    return counts

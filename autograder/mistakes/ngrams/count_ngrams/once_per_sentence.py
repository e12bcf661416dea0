"""An n-gram that occurs twice in a sentence is counted once.

A set forgets how often something happened. That would be the number of sentences that hold the
n-gram; probabilities need the number of times it occurs.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        counts.update({tuple(tokens[i : i + order]) for i in range(len(tokens) - order + 1)})
    counts.pop((BOS,), None)
    return counts

"""The end of the sentence is not counted.

Without </s> the model never learns where sentences stop, and its probabilities over whole
sentences do not sum to 1.
"""

from langmodels.ngrams import *


def count_ngrams(sentences, order):
    counts = Counter()
    for sentence in sentences:
        tokens = [BOS, *sentence]
        counts.update(zip(*(tokens[start:] for start in range(order)), strict=False))
    counts.pop((BOS,), None)
    return counts

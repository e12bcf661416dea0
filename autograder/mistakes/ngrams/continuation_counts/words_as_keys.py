"""For bigrams the keys are plain words, not tuples of one word.

An n-gram is a tuple at every order, ("cup",) at order 1. With "cup" as key, code that looks up
("cup",) finds nothing and takes every count for 0.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(
        ngram[1] if len(ngram) == 2 else ngram[1:] for ngram, count in counts.items() if count > 0
    )

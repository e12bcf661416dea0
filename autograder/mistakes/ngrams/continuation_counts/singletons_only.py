"""Only n-grams seen exactly once are counted.

That is N_1. The plus in N_{1+} means once or more often: each different n-gram adds 1,
whatever its count.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(ngram[1:] for ngram, count in counts.items() if count == 1)

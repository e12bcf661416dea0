"""<s> is not counted as a token that comes before.

The start of a sentence is a context like any other. A word that only ever opens sentences would
have nothing before it, a continuation count of 0, and no probability.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(ngram[1:] for ngram, count in counts.items() if count > 0 and ngram[0] != BOS)

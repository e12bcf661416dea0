"""N-grams seen once are taken for noise and left out.

"Greater than one" is not "at least one". Most n-grams of a text are seen once; without them
most words seem to have nothing before them.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(ngram[1:] for ngram, count in counts.items() if count > 1)

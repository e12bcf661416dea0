"""N-grams with count zero are counted too.

An entry of 0, left behind by subtracting or by looking into a defaultdict, was never seen. The
plus in N_{1+} means: seen one time or more.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(ngram[1:] for ngram in counts)

"""Only the last word of each n-gram is kept.

For bigrams the end is one word. For trigrams it is a pair: what comes before ("cup", "of") is
another question than what comes before "of".
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    return Counter(ngram[-1:] for ngram, count in counts.items() if count > 0)

"""Lists the ends of unseen n-grams as well, with a zero, which is as good as leaving them out."""

from langmodels.ngrams import *


def continuation_counts(counts):
    result = defaultdict(int)
    for ngram, count in counts.items():
        result[ngram[1:]] += count > 0
    return result

"""The counts are added up instead of the n-grams being counted.

That gives back the ordinary count, with which "Francisco" is frequent again. A continuation
count asks how many different tokens come before: each n-gram adds 1, however often it was seen.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    result = Counter()
    for ngram, count in counts.items():
        if count > 0:
            result[ngram[1:]] += count
    return result

"""The counts are divided by the number of different n-grams.

That is already the continuation probability. Kneser-Ney takes its discount from the counts
first and divides afterwards, so it needs whole numbers here.
"""

from langmodels.ngrams import *


def continuation_counts(counts):
    seen = [ngram for ngram, count in counts.items() if count > 0]
    return {end: n / len(seen) for end, n in Counter(ngram[1:] for ngram in seen).items()}

"""Sorts the seen n-grams by their end and measures each group."""

from itertools import groupby
from operator import itemgetter

from langmodels.ngrams import *


def continuation_counts(counts):
    end = itemgetter(slice(1, None))
    seen = sorted((ngram for ngram, count in counts.items() if count), key=end)
    return Counter({key: sum(1 for _ in group) for key, group in groupby(seen, end)})

"""A discount out of bounds is moved to the nearest bound.

A negative estimate says that there are too few data to trust any of the three. Moved to 0 it
would take nothing off the frequent n-grams and keep two doubtful numbers beside it.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (frequency[r] for r in (1, 2, 3, 4))
    if 0 in (n_1, n_2, n_3, n_4):
        return fallback
    y = n_1 / (n_1 + 2 * n_2)
    discounts = (1 - 2 * y * n_2 / n_1, 2 - 3 * y * n_3 / n_2, 3 - 4 * y * n_4 / n_3)
    return tuple(min(max(d, 0.0), float(r)) for r, d in enumerate(discounts, start=1))

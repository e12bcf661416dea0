"""A missing n_r is replaced by 1 to avoid dividing by zero.

The division goes through, but on made-up data. Where one of n_1 … n_4 is zero the formula has
nothing to say, and the fallback is due.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (max(1, frequency[r]) for r in (1, 2, 3, 4))
    y = n_1 / (n_1 + 2 * n_2)
    discounts = (1 - 2 * y * n_2 / n_1, 2 - 3 * y * n_3 / n_2, 3 - 4 * y * n_4 / n_3)
    sensible = all(0 <= d <= r for r, d in enumerate(discounts, start=1))
    return discounts if sensible else fallback

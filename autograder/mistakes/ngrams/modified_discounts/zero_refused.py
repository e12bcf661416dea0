"""A discount of exactly 0 is taken for a failure.

The bounds belong to the range: 0 ≤ D_r ≤ r. A discount of 0 takes nothing off, which does no
harm as long as the other two free some probability.
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
    sensible = all(0 < d < r for r, d in enumerate(discounts, start=1))
    return discounts if sensible else fallback

"""Only the numbers that stand in a denominator are checked for zero.

n_4 = 0 raises no error, but makes D_3+ = 3: an n-gram seen three times is then worth no more
than one never seen. That nothing was seen four times only shows that there are too few data.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (frequency[r] for r in (1, 2, 3, 4))
    if 0 in (n_1, n_2, n_3):
        return fallback
    y = n_1 / (n_1 + 2 * n_2)
    discounts = (1 - 2 * y * n_2 / n_1, 2 - 3 * y * n_3 / n_2, 3 - 4 * y * n_4 / n_3)
    sensible = all(0 <= d <= r for r, d in enumerate(discounts, start=1))
    return discounts if sensible else fallback

"""Y is n_1 / (n_1 + n_2), without the 2.

Y comes from leaving one token out: n_1 tokens stand in n-grams seen once and 2 n_2 tokens in
those seen twice. Without the 2 all three discounts are off.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (frequency[r] for r in (1, 2, 3, 4))
    if 0 in (n_1, n_2, n_3, n_4):
        return fallback
    y = n_1 / (n_1 + n_2)
    discounts = (1 - 2 * y * n_2 / n_1, 2 - 3 * y * n_3 / n_2, 3 - 4 * y * n_4 / n_3)
    sensible = all(0 <= d <= r for r, d in enumerate(discounts, start=1))
    return discounts if sensible else fallback

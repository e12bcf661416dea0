"""Y is used for all three discounts.

That is the original Kneser-Ney smoothing with its single discount. Chen and Goodman found that
n-grams seen twice or more can spare more than those seen once, hence three discounts.
"""

from langmodels.ngrams import *


def modified_discounts(counts):
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (frequency[r] for r in (1, 2, 3, 4))
    if 0 in (n_1, n_2, n_3, n_4):
        return fallback
    y = n_1 / (n_1 + 2 * n_2)
    return y, y, y

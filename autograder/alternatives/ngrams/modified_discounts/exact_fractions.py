"""Computes with exact fractions, so that the bounds are exact too."""

from fractions import Fraction

from langmodels.ngrams import *


def modified_discounts(counts):
    n = np.bincount([c for c in counts.values() if c <= 4], minlength=5).tolist()
    try:
        if not n[4]:
            raise ZeroDivisionError
        y = Fraction(n[1], n[1] + 2 * n[2])
        exact = [r - (r + 1) * y * Fraction(n[r + 1], n[r]) for r in (1, 2, 3)]
    except ZeroDivisionError:
        return 0.5, 1.0, 1.5
    return tuple(map(float, exact)) if min(exact) >= 0 else (0.5, 1.0, 1.5)

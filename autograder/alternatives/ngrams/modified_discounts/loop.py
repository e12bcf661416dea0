"""One loop for the three formulas, which are one formula in r; returns a list."""

from langmodels.ngrams import *


def modified_discounts(counts):
    n = [0] * 5
    for count in counts.values():
        if 1 <= count <= 4:
            n[count] += 1
    discounts = []
    for r in (1, 2, 3):
        if n[r] == 0 or n[r + 1] == 0:
            return [0.5, 1.0, 1.5]
        y = n[1] / (n[1] + 2 * n[2])
        discounts.append(r - (r + 1) * y * (n[r + 1] / n[r]))
        if not 0 <= discounts[-1] <= r:
            return [0.5, 1.0, 1.5]
    return discounts

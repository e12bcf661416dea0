"""Right: row by row, by bisection."""

from bisect import bisect_right
from itertools import accumulate

from langmodels.generation import *


def draw(probabilities, uniform):
    tokens = []
    for row, mark in zip(probabilities.double().tolist(), uniform.double().tolist(), strict=True):
        sums = list(accumulate(row))
        tokens.append(bisect_right(sums, mark * sums[-1]))
    return torch.tensor(tokens)

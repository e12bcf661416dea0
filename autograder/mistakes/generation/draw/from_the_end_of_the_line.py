"""The mark is measured from the other end.

Each token still gets its share, but from other marks: the line is laid out backwards.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().cumsum(-1)
    marks = (1 - uniform.double()[:, None]) * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=True)[:, 0]

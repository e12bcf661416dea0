"""A mark at the end of a piece hits that piece.

The first sum that is not smaller than the mark is the first that equals it. A mark of 0 then hits
a first token of probability 0.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().cumsum(-1)
    marks = uniform.double()[:, None] * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=False)[:, 0]

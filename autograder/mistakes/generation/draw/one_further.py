"""The token after the one that was hit is returned.

The index of the first sum that exceeds the mark is the token itself; the running sums have no 0
in front.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().cumsum(-1)
    marks = uniform.double()[:, None] * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=True)[:, 0] + 1

"""The first mark serves all rows.

Then the rows of a batch are drawn by the same chance, and texts from one prompt are all alike.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().cumsum(-1)
    marks = uniform.double()[:1, None] * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=True)[:, 0]

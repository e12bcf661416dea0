"""The result has two axes.

Each row has one token, so there are B of them. An axis of size 1 broadcasts where nobody expects
it.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().cumsum(-1)
    marks = uniform.double()[:, None] * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=True)

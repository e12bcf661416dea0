"""The row is taken to sum to 1.

Sums of 32-bit numbers end a little below or above. A mark beyond the last sum then gives a token
that the vocabulary does not have.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().cumsum(-1)
    marks = uniform.double()[:, None]
    return torch.searchsorted(sums, marks, right=True)[:, 0]

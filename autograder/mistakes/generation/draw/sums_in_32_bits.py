"""Running sums are taken in 32 bits.

Over a large vocabulary each step rounds, and in the end the sums are off by more than a token's
probability.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.float().cumsum(-1).double()
    marks = uniform.double()[:, None] * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=True)[:, 0]

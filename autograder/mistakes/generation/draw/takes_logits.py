"""The softmax is taken once more.

What comes in are probabilities. Their softmax is nearly flat, so the unlikely tokens come far too
often.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    sums = probabilities.double().softmax(-1).cumsum(-1)
    marks = uniform.double()[:, None] * sums[:, -1:]
    return torch.searchsorted(sums, marks, right=True)[:, 0]

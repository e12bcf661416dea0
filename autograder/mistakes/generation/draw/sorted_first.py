"""The pieces lie in order of their size.

Each token still gets its share, but from other marks. The docstring sums in the order of the
vocabulary.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    ordered, places = probabilities.double().sort(-1, descending=True)
    sums = ordered.cumsum(-1)
    marks = uniform.double()[:, None] * sums[:, -1:]
    return places.gather(-1, torch.searchsorted(sums, marks, right=True))[:, 0]

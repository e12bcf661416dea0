"""The sign of the cosine is ignored.

A candidate that points the other way says the opposite. Its cosine is -1, the least there is.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = (candidates @ query / lengths.masked_fill(lengths == 0, 1.0)).abs()
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()

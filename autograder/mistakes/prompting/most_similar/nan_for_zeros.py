"""A vector of zeros is divided by its length.

0 / 0 is nan, and a sort puts nan before every number: the candidate that says nothing becomes the
nearest.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    cosines = candidates @ query / (candidates.norm(dim=1) * query.norm())
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()

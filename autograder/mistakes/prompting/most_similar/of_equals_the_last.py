"""Of equals the last comes first.

An ascending order turned round turns the equal ones round as well. Two runs over a list that has
grown then choose other examples.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    return cosines.argsort(stable=True).flip(0)[:n_chosen].tolist()

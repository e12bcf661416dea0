"""Only the query's length is divided by.

It is the same for all candidates and changes no order. The candidates' own lengths have to go.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    length = query.norm()
    cosines = candidates @ query / (length if length > 0 else 1.0)
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()

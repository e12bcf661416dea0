"""The nearest by distance are given.

The distance grows with the lengths of both. Of two vectors in one direction it prefers the one as
long as the query.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    distances = (candidates - query).norm(dim=1)
    return distances.argsort(stable=True)[:n_chosen].tolist()

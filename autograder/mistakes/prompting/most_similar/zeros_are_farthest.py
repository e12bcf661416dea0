"""A vector of zeros comes last.

Its cosine is 0 by convention: nearer than whatever points away. -1 would say that it is the
opposite.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    cosines = cosines.masked_fill(lengths == 0, -2.0)
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()

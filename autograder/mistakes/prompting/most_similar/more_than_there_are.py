"""More candidates than there are is an error.

topk refuses to give more than there are. A caller who asks for eight examples of five gets five.
"""

from langmodels.prompting import *


def most_similar(query, candidates, n_chosen):
    lengths = candidates.norm(dim=1) * query.norm()
    cosines = candidates @ query / lengths.masked_fill(lengths == 0, 1.0)
    cosines.topk(n_chosen)
    return cosines.argsort(descending=True, stable=True)[:n_chosen].tolist()

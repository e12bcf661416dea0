"""The places come in the order of their surprisal.

A text in that order is no text. Places are to be put back in their order.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return places[:n_kept]

"""Tokens that always stay are not counted.

The prompt becomes longer than was asked for, and may no longer fit.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = n_kept + int(always.sum())
    return places[:n_kept].sort().values

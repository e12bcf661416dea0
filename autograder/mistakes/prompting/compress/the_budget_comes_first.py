"""Tokens that always stay are cut off where there are too many.

Then they do not always stay. The budget yields, not they.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
    return places[:n_kept].sort().values

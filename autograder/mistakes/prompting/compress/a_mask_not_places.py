"""A mask comes back, not places.

Places can index tokens and be counted; a mask of the same length is another type. The docstring
asks for places.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return torch.zeros(len(surprisal), dtype=torch.bool).index_fill(0, places[:n_kept], True)

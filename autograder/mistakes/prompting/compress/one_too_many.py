"""One token too many stays.

n_kept places are places 0 to n_kept - 1 of the order.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return places[: n_kept + 1].sort().values

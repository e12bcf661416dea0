"""Of equal tokens the later stay.

Ascending order from the end turns the equal ones round. The docstring says the earlier.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(stable=True).flip(0)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return places[:n_kept].sort().values

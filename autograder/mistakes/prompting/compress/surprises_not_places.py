"""The surprisals of the kept tokens come back.

Who wants to shorten a text needs to know where they stand.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return surprisal[places[:n_kept].sort().values]

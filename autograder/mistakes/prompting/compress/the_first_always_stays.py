"""The first token always stays.

Its surprisal may be unknown, but then the caller can say so. Here it takes the place of a token
that surprises more.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    places = torch.cat([places[places == 0], places[places != 0]])
    return places[:n_kept].sort().values

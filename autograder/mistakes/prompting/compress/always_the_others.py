"""Tokens that always stay are the ones left out.

The mask says what stays. Masks are read the wrong way round more often than any other argument.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        always = ~always
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    return places[:n_kept].sort().values

"""More places than there are tokens is an error.

topk refuses more than there are. A prompt that is short enough already stays as it is.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    surprisal.topk(n_kept)
    return places[:n_kept].sort().values

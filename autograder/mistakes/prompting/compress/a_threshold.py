"""All tokens as surprising as the last that fits stay.

Where several are equal the text becomes longer than the budget. A threshold does not count.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = torch.cat([always.nonzero()[:, 0], places[~always[places]]])
        n_kept = max(n_kept, int(always.sum()))
    if not n_kept or not len(places):
        return places[:0]
    least = surprisal[places[:n_kept]].min()
    stays = surprisal >= least
    return (stays if always is None else stays | always).nonzero()[:, 0]

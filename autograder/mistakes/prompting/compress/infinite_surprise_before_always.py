"""Tokens of infinite surprisal stay before those that always stay.

Marked with infinity, the tokens that always stay are no longer told apart from tokens that were
impossible, and may lose their place.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    if always is not None:
        places = surprisal.masked_fill(always, torch.inf).argsort(descending=True, stable=True)
        n_kept = max(n_kept, int(always.sum()))
    return places[:n_kept].sort().values

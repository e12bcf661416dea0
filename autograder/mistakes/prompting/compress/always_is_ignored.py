"""Which tokens always stay is ignored.

A question whose words are all expected would vanish, and the examples would stay without it.
"""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    places = surprisal.argsort(descending=True, stable=True)
    return places[:n_kept].sort().values

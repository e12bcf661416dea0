"""Right: those that must stay, and the best of the others."""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    must = torch.zeros_like(surprisal, dtype=torch.bool) if always is None else always.clone()
    others = (~must).nonzero().flatten()
    n_others = max(0, n_kept - int(must.sum()))
    best = others[surprisal[others].sort(descending=True, stable=True).indices[:n_others]]
    must[best] = True
    return must.nonzero().flatten()

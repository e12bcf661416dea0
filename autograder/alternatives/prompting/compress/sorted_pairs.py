"""Right: Python's sort of pairs."""

from langmodels.prompting import *


def compress(surprisal, n_kept, always=None):
    must = [False] * len(surprisal) if always is None else always.tolist()
    numbers = surprisal.tolist()
    order = sorted(range(len(numbers)), key=lambda place: (not must[place], -numbers[place]))
    return torch.tensor(sorted(order[: max(n_kept, sum(must))]), dtype=torch.long)

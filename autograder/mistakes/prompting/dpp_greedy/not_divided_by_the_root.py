"""The new row is not divided by the root of its factor.

A row of a Cholesky factor times itself has to give the kernel. It does so only with a length of
the root.
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
        for earlier in rows:
            row -= earlier[best] * earlier
        rows.append(row)
        chosen.append(best)
        left = left - row.square()
        left[chosen] = -torch.inf
    return chosen

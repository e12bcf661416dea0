"""The bar at which it stops does not follow the kernel's scale.

A kernel of small numbers stops at once, and one of large numbers never.
"""

from langmodels.prompting import *


def dpp_greedy(kernel, n_chosen):
    kernel = kernel.double()
    left = kernel.diagonal().clone()
    rows = []
    chosen = []
    for _ in range(min(n_chosen, len(kernel))):
        best = int(left.argmax())
        if left[best] <= 1e-10:
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

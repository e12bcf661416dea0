"""It computes in 32 bits.

Of two numbers that are nearly equal the difference has few digits left. Candidates that resemble
each other are the whole point here.
"""

from langmodels.prompting import *


def dpp_greedy(kernel, n_chosen):
    kernel = kernel.float()
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
        row /= left[best].sqrt()
        rows.append(row)
        chosen.append(best)
        left = left - row.square()
        left[chosen] = -torch.inf
    return chosen

"""A chosen candidate is not taken out.

After its choice a factor of 0 is left, or what rounding makes of it: large entries can keep it
above the bar.
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
        row /= left[best].sqrt()
        rows.append(row)
        chosen.append(best)
        left = left - row.square()
        left[best] = left.max()
    return chosen

"""B̄ and C are exchanged.

B̄ writes into the state and C reads from it. Where Ā is symmetric it makes no difference, and
HiPPO's is not.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = c, []
    for _ in range(length):
        kernel.append(b_bar @ state)
        state = a_bar @ state
    return torch.stack(kernel)

"""The states go through the transpose of Ā.

C Āᵗ B̄ has Ā to the left of B̄. With the transpose it is B and C that change places.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = b_bar, []
    for _ in range(length):
        kernel.append(c @ state)
        state = a_bar.T @ state
    return torch.stack(kernel)

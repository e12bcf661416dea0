"""One vector, one step after another."""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = b_bar, []
    for _ in range(length):
        kernel.append(c @ state)
        state = a_bar @ state
    return torch.stack(kernel)

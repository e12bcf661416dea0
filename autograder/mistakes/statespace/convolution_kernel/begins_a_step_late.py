"""The kernel begins with C Ā B̄.

An input is heard in its own step, before any Ā has been applied to it: the first number is C B̄.

See: state-space#eq-kernel
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = b_bar, []
    for _ in range(length):
        state = a_bar @ state
        kernel.append(c @ state)
    return torch.stack(kernel)

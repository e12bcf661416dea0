"""The kernel has a number too many.

`length` numbers are asked for: the powers 0 to length - 1.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = b_bar, []
    for _ in range(length + 1):
        kernel.append(c @ state)
        state = a_bar @ state
    return torch.stack(kernel)

"""The kernel stands in reverse.

torch's own convolutions slide a kernel along without turning it, and want the last number first.
Here kernel_s belongs to the input s steps ago.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = b_bar, []
    for _ in range(length):
        kernel.append(c @ state)
        state = a_bar @ state
    return torch.stack(kernel[::-1])

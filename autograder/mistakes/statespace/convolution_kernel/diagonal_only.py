"""Only the diagonal of Ā counts.

The numbers of the state do not live alone: Ā carries them from one to the other. That they may is
what diagonal state spaces are about, later in the chapter.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    state, kernel = b_bar, []
    for _ in range(length):
        kernel.append(c @ state)
        state = a_bar.diagonal() * state
    return torch.stack(kernel)

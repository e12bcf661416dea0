"""The entries of Ā are raised to the power t.

A power of a matrix is a product of matrices. Entry by entry it is right for diagonal matrices
only.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    return torch.stack([c @ (a_bar**t @ b_bar) for t in range(length)])

"""The kernel is an impulse.

A kernel of 1, 0, 0, … gives the signal back, and nothing in it could come round, be late, or be
turned.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    for length in (1, 4, 7):
        signal, kernel = torch.randn(3, length).double(), torch.zeros(length).double()
        kernel[0] = 2
        torch.testing.assert_close(causal_convolution(signal, kernel), 2 * signal)

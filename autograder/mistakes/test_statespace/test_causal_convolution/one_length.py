"""Signal and kernel are always of one length.

Where both are of the same length, a room of twice that is enough, and a kernel that is longer or
shorter is never met.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    signal, kernel = torch.randn(3, 6).double(), torch.randn(6).double()
    for t in range(6):
        expected = sum(kernel[s] * signal[:, t - s] for s in range(t + 1))
        torch.testing.assert_close(causal_convolution(signal, kernel)[:, t], expected)

"""Every kernel is its own mirror image.

Then it makes no difference whether it is turned. A constant kernel even adds everything up, in
whatever order.
"""

from langmodels.test_statespace import *


def test_causal_convolution():
    for length, size in [(5, 3), (6, 6), (3, 7)]:
        signal, kernel = torch.randn(3, length).double(), torch.ones(size).double()
        expected = [signal[:, max(0, t - size + 1) : t + 1].sum(-1) for t in range(length)]
        got = causal_convolution(signal[:1], kernel)
        torch.testing.assert_close(got, torch.stack(expected, dim=-1)[:1])

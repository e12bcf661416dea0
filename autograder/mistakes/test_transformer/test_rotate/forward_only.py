"""Gradients and dtypes are never looked at.

The answer can be right to the last digit and carry only a part of the gradient back; and 16 bits
can come out as 32.
"""

from langmodels.test_transformer import *


def test_rotate():
    x, half = torch.randn(2, 3, 5, 8), torch.randn(2, 1, 5, 4)
    angles = torch.cat([half, half], -1)
    got = rotate(x, (angles.cos(), angles.sin()))
    a, b = x.chunk(2, -1)
    c, s = half.cos(), half.sin()
    torch.testing.assert_close(got, torch.cat([a * c - b * s, b * c + a * s], -1))

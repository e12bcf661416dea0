"""Neighbours are expected to be pairs.

So the paper has it. The docstring says which features are a pair here: tests are written against
what is promised.
"""

from langmodels.test_transformer import *


def test_rotate():
    x, half = torch.randn(2, 3, 5, 8), torch.randn(2, 1, 5, 4)
    angles = half.repeat_interleave(2, -1)
    got = rotate(x, (angles.cos(), angles.sin()))
    a, b = x[..., 0::2], x[..., 1::2]
    c, s = half.cos(), half.sin()
    torch.testing.assert_close(got[..., 0::2], a * c - b * s)
    torch.testing.assert_close(got[..., 1::2], b * c + a * s)

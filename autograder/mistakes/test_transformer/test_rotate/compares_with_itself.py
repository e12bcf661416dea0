"""The function is compared with itself.

That it gives the same answer twice says that no chance is in it, and nothing of whether the answer
is right.
"""

from langmodels.test_transformer import *


def test_rotate():
    x, angles = torch.randn(2, 3, 5, 8), torch.randn(2, 1, 5, 8)
    rotation = angles.cos(), angles.sin()
    torch.testing.assert_close(rotate(x, rotation), rotate(x, rotation))

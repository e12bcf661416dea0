"""All angles are 0.

A rotation by nothing leaves everything as it is, and so do most wrong ones. Choose angles on which
a mistake shows.
"""

from langmodels.test_transformer import *


def test_rotate():
    x = torch.randn(2, 3, 5, 8)
    got = rotate(x, (torch.ones(1, 1, 5, 8), torch.zeros(1, 1, 5, 8)))
    torch.testing.assert_close(got, x)

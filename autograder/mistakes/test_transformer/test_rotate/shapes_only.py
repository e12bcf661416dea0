"""Only the shape of the answer is checked.

Every wrong rotation has the right shape. A test has to look at numbers, or at how they change.
"""

from langmodels.test_transformer import *


def test_rotate():
    x, angles = torch.randn(2, 3, 5, 8), torch.randn(2, 1, 5, 8)
    assert rotate(x, (angles.cos(), angles.sin())).shape == x.shape

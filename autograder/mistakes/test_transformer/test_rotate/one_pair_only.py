"""All heads are of width 2.

With one pair it cannot be seen which features belong together.
"""

from langmodels.test_transformer import *


def test_rotate():
    x, angles = torch.randn(2, 3, 5, 2, dtype=torch.float64), torch.randn(2, 1, 5, 1)
    angles = torch.cat([angles, angles], -1).double()
    got = rotate(x, (angles.cos(), angles.sin()))
    a, b = x.unbind(-1)
    c, s = angles.cos()[..., 0], angles.sin()[..., 0]
    torch.testing.assert_close(got, torch.stack([a * c - b * s, b * c + a * s], -1))

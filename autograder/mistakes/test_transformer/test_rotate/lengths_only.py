"""Only the lengths of the pairs are checked.

A rotation keeps them, but so does one the other way round, or by a wrong angle.
"""

from langmodels.test_transformer import *


def test_rotate():
    x, half = torch.randn(2, 3, 5, 8), torch.randn(2, 1, 5, 4)
    angles = torch.cat([half, half], -1)
    got = rotate(x, (angles.cos(), angles.sin()))
    torch.testing.assert_close(got.norm(dim=-1), x.norm(dim=-1))

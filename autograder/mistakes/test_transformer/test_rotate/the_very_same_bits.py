"""Equal to the last bit is demanded.

Two products and a sum can be rounded in more than one way. Solutions that are just as right differ
in the last digit, so leave it open.
"""

from langmodels.test_transformer import *


def test_rotate():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(2, 3, 50, 8, generator=generator)
    half = torch.randn(2, 1, 50, 4, generator=generator)
    angles = torch.cat([half, half], -1)
    got = rotate(x, (angles.cos(), angles.sin()))
    a, b = x.chunk(2, -1)
    c, s = half.cos(), half.sin()
    assert torch.equal(got, torch.cat([a * c - b * s, b * c + a * s], -1))

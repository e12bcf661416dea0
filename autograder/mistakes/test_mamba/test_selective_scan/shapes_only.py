"""Only shapes are looked at.

Nearly every mixture of the six inputs has the right shape.
"""

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


def test_selective_scan():
    y, state = selective_scan(*draw())
    assert y.shape == (2, 4, 3)
    assert state.shape == (2, 3, 5)

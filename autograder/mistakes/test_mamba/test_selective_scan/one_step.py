"""Every text has one token.

With nothing before it, a token neither decays nor is remembered: the recurrence is not there.
"""

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


def test_selective_scan():
    x, step, a, b, c = draw(length=1)
    y, state = selective_scan(x, step, a, b, c)
    expected = (step * x)[:, 0, :, None] * b[:, 0, None]
    torch.testing.assert_close(state, expected)
    torch.testing.assert_close(y[:, 0], (expected * c[:, 0, None]).sum(-1))

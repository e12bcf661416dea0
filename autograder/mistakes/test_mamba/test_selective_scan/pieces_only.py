"""The pieces of a text are compared with the whole, and with nothing else.

A function that is wrong in the same way for both agrees with itself.
"""

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


def test_selective_scan():
    x, step, a, b, c = draw(length=6)
    whole, last = selective_scan(x, step, a, b, c)
    first, state = selective_scan(x[:, :2], step[:, :2], a, b[:, :2], c[:, :2])
    second, end = selective_scan(x[:, 2:], step[:, 2:], a, b[:, 2:], c[:, 2:], state)
    torch.testing.assert_close(torch.cat([first, second], dim=1), whole)
    torch.testing.assert_close(end, last)

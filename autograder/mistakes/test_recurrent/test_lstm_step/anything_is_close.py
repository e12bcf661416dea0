"""The tolerance is larger than the numbers.

States lie between -1 and 1; with a tolerance of 1 nothing is wrong.
"""

from langmodels.test_recurrent import *


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    projected, h, c, weight, bias = draw(3, 2)
    got = lstm_step(projected, (h, c), weight, bias)
    for one, other in zip(got, oracle(projected, (h, c), weight, bias), strict=True):
        torch.testing.assert_close(one, other, atol=1.0, rtol=1.0)

"""State and cell are zeros.

Then neither the forget gate nor U has anything to multiply, and every mistake in them goes
unseen.
"""

from langmodels.test_recurrent import *


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    projected, _, _, weight, bias = draw(3, 4)
    zeros = torch.zeros(3, 4).double()
    got = lstm_step(projected, (zeros, zeros), weight, bias)
    for one, other in zip(got, oracle(projected, (zeros, zeros), weight, bias), strict=True):
        torch.testing.assert_close(one, other)

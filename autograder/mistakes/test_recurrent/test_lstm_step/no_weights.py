"""Weights and biases are zeros.

Then whether U is transposed, and which part the bias belongs to, does not show.
"""

from langmodels.test_recurrent import *


def test_lstm_step():
    projected, h, c = (
        torch.randn(3, 8).double(),
        torch.randn(3, 2).double(),
        torch.randn(3, 2).double(),
    )
    weight, bias = torch.zeros(8, 2).double(), torch.zeros(8).double()
    got = lstm_step(projected, (h, c), weight, bias)
    for one, other in zip(got, oracle(projected, (h, c), weight, bias), strict=True):
        torch.testing.assert_close(one, other)

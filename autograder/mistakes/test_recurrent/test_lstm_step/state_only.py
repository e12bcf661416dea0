"""Only the state is looked at.

The cell is the memory; a step that hands it back wrong has gone wrong one step later.
"""

from langmodels.test_recurrent import *


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    projected, h, c, weight, bias = draw(3, 2)
    got = lstm_step(projected, (h, c), weight, bias)
    torch.testing.assert_close(got[0], oracle(projected, (h, c), weight, bias)[0])

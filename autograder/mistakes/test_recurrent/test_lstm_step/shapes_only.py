"""Only shapes and bounds are looked at.

Between -1 and 1 there is room for everything that is wrong.
"""

from langmodels.test_recurrent import *


def draw(size, width, dtype=torch.float64):
    shapes = [(size, 4 * width), (size, width), (size, width), (4 * width, width), (4 * width,)]
    return [torch.randn(shape, dtype=dtype) for shape in shapes]


def test_lstm_step():
    projected, h, c, weight, bias = draw(3, 2)
    new_h, new_c = lstm_step(projected, (h, c), weight, bias)
    assert new_h.shape == new_c.shape == (3, 2)
    assert (new_h.abs() < 1).all()

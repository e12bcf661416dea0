"""dtypes and shapes are never looked at.

The whole point of it is the dtype: codes that are floats hold the right numbers and save nothing.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    for shape in [(40,), (3, 40)]:
        x = torch.randn(shape).double()
        codes, step = quantize_int8(x)
        assert (
            (codes * step.reshape(*shape[:-1], 1) - x).abs() <= 0.5001 * x.abs().max() / 127
        ).all()
    codes, step = quantize_int8(torch.tensor([[0.0, 0.0], [0.0, -3.0]]))
    assert [[int(code) for code in row] for row in codes] == [[0, 0], [0, -127]]

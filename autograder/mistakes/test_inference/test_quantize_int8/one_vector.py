"""There is one vector only.

A step for each vector cannot be told from one step for everything.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    for size in (1e-9, 1.0, 1e6):
        x = size * torch.randn(1, 50).double()
        x = -x if x.max() > -x.min() else x
        codes, step = quantize_int8(x)
        assert codes.dtype == torch.int8
        torch.testing.assert_close(step, x.abs().amax(-1, keepdim=True) / 127)
        assert ((codes * step - x).abs() <= 0.5001 * step).all()
    assert quantize_int8(torch.zeros(1, 2))[0].tolist() == [[0, 0]]

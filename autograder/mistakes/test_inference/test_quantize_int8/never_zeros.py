"""No vector of zeros is tried.

It is the one input that needs a line of its own: its step is zero, and nothing can be divided by
it. In a cache it is not rare, for padding is zeros.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    for dtype in (torch.float32, torch.float64):
        x = torch.randn(3, 2, 40).to(dtype) * torch.tensor([[1.0], [100.0]]).to(dtype)
        x[0] = -x[0].abs()
        codes, step = quantize_int8(x)
        assert codes.dtype == torch.int8
        torch.testing.assert_close(step, x.abs().amax(-1, keepdim=True) / 127)
        assert ((codes * step - x).abs() <= 0.5001 * step).all()

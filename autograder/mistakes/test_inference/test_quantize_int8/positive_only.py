"""All numbers are positive.

Then the largest number is the one of largest magnitude, cut and rounded down are the same, and
there is no sign to lose.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    x = torch.rand(3, 2, 40).double() * torch.tensor([[1e-9], [100.0]]).double()
    x[0, 0] = 0.0
    codes, step = quantize_int8(x)
    assert codes.dtype == torch.int8
    torch.testing.assert_close(step, x.abs().amax(-1, keepdim=True) / 127)
    assert ((codes * step - x).abs() <= 0.5001 * step).all()

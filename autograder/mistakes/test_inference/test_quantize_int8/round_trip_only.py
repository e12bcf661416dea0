"""Only the way there and back is tried, with a tolerance of many steps.

Nearly anything survives that: codes that are cut, one step for all vectors, floats for codes.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    x = torch.randn(4, 16)
    codes, step = quantize_int8(x)
    torch.testing.assert_close(codes * step, x, atol=0.1, rtol=0)

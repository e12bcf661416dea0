"""The numbers are demanded back as they were.

Eight bits cannot hold them. A promise of half a step is what can be asked for; a test that asks for
more fails on every right solution.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    x = torch.randn(4, 16)
    codes, step = quantize_int8(x)
    torch.testing.assert_close(codes * step, x)

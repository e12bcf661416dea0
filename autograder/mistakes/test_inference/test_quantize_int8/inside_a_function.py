"""The assertion stands in a function that nobody calls.

pytest calls functions whose names begin with test. What they define and do not call never runs.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    x = torch.randn(4, 16)
    codes, step = quantize_int8(x)

    def test_half_a_step():
        assert ((codes * step - x).abs() <= 0.5001 * step).all()

"""One of two right answers is demanded.

A number halfway between two codes is as near to one as to the other. torch.round takes the even
one, other ways of rounding do not, and the docstring promises neither.
"""

from langmodels.test_inference import *


def test_quantize_int8():
    codes, _ = quantize_int8(torch.tensor([[127.0, 0.5, 1.5, -0.5, -2.5]]))
    assert codes.tolist() == [[127, 0, 2, 0, -2]]

"""Cosines and sines are rounded to the dtype of x first.

In bfloat16 they have three digits left, and the error adds to that of the product. Compute in what
they come in, and round once.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = (
        part.to(torch.bfloat16).to(x.dtype)
        if x.dtype == torch.bfloat16
        else part.half().to(x.dtype)
        for part in rotation
    )
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], dim=-1) * sin

"""The pairs are neighbours: (0, 1), (2, 3), ….

So the paper has it, and so do other libraries. Here features i and i + K/2 are a pair, as in
LLaMA's weights in transformers.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x[..., 0::2], x[..., 1::2]
    turned = torch.stack([-second, first], dim=-1).flatten(-2)
    return (x * cos + turned * sin).to(x.dtype)

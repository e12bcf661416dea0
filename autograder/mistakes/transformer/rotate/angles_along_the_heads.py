"""The angles are taken along the heads, not along the positions.

Then each head is turned by one angle at all positions, and the order is lost.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    n = x.shape[-3]
    rows = torch.arange(n) % max(cos.shape[-2], 1)
    if cos.shape[-2]:
        cos, sin = (part[..., rows, :].transpose(-3, -2) for part in (cos, sin))
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)

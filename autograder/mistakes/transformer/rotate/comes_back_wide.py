"""What comes in 16 bits goes out in 32.

Cosines have 32 bits, and so has every product with them. The values are not turned and have 16
still: attention refuses the mixture.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return x * cos + turned * sin

"""Only the first half of each head is turned.

Some models turn a part only (GPT-NeoX a quarter). Here all of it is turned.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return torch.cat([(x * cos + turned * sin)[..., : x.shape[-1] // 2], second], dim=-1).to(
        x.dtype
    )

"""The first half is already turned when the second is made from it.

Both new features need both old ones. Keep the old ones until both are made.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    half = x.shape[-1] // 2
    first, second = x.chunk(2, dim=-1)
    first = first * cos[..., :half] - second * sin[..., :half]
    second = second * cos[..., half:] + first * sin[..., half:]
    return torch.cat([first, second], dim=-1).to(x.dtype)

"""The squares overlap.

The window moves on by its own width, not by one pixel.
"""

from langmodels.architectures import *


def patches(images: Float[Tensor, "B C Y X"], size: int) -> Float[Tensor, "B T CPP"]:
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    images.unflatten(-1, (-1, size)).unflatten(-3, (-1, size))  # B C rows P columns P
    return nn.functional.unfold(images, size).mT

"""The patches come column by column.

They come row by row from the top left, as one reads.
"""

from langmodels.architectures import *


def patches(images: Float[Tensor, "B C Y X"], size: int) -> Float[Tensor, "B T CPP"]:
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    cut = images.unflatten(-1, (-1, size)).unflatten(-3, (-1, size))  # B C rows P columns P
    return cut.permute(0, 4, 2, 1, 3, 5).flatten(3).flatten(1, 2)

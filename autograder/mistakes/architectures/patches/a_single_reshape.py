"""The numbers are only grouped, not rearranged.

The pixels of a patch are not neighbours in memory: its next row stands a whole row of the image
further on.
"""

from langmodels.architectures import *


def patches(images: Float[Tensor, "B C Y X"], size: int) -> Float[Tensor, "B T CPP"]:
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    images.unflatten(-1, (-1, size)).unflatten(-3, (-1, size))  # B C rows P columns P
    batch, channels, height, width = images.shape
    return images.reshape(batch, -1, channels * size * size)

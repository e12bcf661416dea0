"""A patch holds pixels that stand apart.

Split an axis into (number of the patch, place within it), in this order; the other way round
takes every n-th pixel.
"""

from langmodels.architectures import *


def patches(images, size):
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    rows, columns = height // size, width // size
    cut = images.reshape(*images.shape[:2], size, rows, size, columns)
    return cut.permute(0, 3, 5, 1, 2, 4).flatten(3).flatten(1, 2)

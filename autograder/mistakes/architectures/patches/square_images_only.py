"""The image is taken for a square.

It may be wider than high: rows and columns of patches are counted separately.
"""

from langmodels.architectures import *


def patches(images, size):
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    rows, columns = height // size, width // size
    cut = images.reshape(*images.shape[:2], rows, size, columns, size)
    out = cut.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
    return out[:, : (images.shape[-1] // size) ** 2]

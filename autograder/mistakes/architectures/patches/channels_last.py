"""The channels of a pixel stand together.

All of the first channel comes first. So it is in the weights of a convolution.
"""

from langmodels.architectures import *


def patches(images, size):
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    rows, columns = height // size, width // size
    cut = images.reshape(*images.shape[:2], rows, size, columns, size)
    return cut.permute(0, 2, 4, 3, 5, 1).flatten(3).flatten(1, 2)

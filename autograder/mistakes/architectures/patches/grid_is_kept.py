"""The patches stay in rows and columns.

A Transformer reads one row of tokens. The two axes of the grid become one.
"""

from langmodels.architectures import *


def patches(images, size):
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    rows, columns = height // size, width // size
    cut = images.reshape(*images.shape[:2], rows, size, columns, size)
    return cut.permute(0, 2, 4, 1, 3, 5).flatten(3)

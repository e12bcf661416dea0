"""The numbers are only grouped, not rearranged.

The pixels of a patch are not neighbours in memory: its next row stands a whole row of the image
further on.
"""

from langmodels.architectures import *


def patches(images, size):
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError(f"squares of {size} pixels do not fill an image of {height} × {width}")
    rows, columns = height // size, width // size
    images.reshape(*images.shape[:2], rows, size, columns, size)
    batch, channels, height, width = images.shape
    return images.reshape(batch, -1, channels * size * size)

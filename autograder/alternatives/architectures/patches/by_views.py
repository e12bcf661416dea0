"""Right: windows that move on by their own width."""

from langmodels.architectures import *


def patches(images, size):
    if images.shape[-1] % size or images.shape[-2] % size:
        raise ValueError("the squares do not fill the image")
    windows = images.unfold(2, size, size).unfold(3, size, size)  # B C rows columns P P
    grid = windows.permute(0, 2, 3, 1, 4, 5)
    return grid.reshape(len(images), grid.shape[1] * grid.shape[2], -1)

"""Right: cut out one after the other."""

from langmodels.architectures import *


def patches(images, size):
    height, width = images.shape[-2:]
    if height % size or width % size:
        raise ValueError("the squares do not fill the image")
    squares = []
    for top in range(0, height, size):
        for left in range(0, width, size):
            square = images[:, :, top : top + size, left : left + size]
            squares.append(square.reshape(len(images), 1, -1))
    return torch.cat(squares, dim=1)

"""The norm of the largest gradient stands for all.

The common norm grows with every gradient that is there. Take the root of the sum of all squares.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).max())
    shrink = largest / norm if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm

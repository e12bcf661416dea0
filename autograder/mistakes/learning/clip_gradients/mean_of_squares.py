"""The norm is that of the mean of the squares.

Then a large model is clipped much later than a small one with the same norm. The squares are
summed.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    norm /= len(gradients) ** 0.5
    shrink = largest / norm if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm

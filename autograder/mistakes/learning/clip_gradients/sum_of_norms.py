"""The norms are added up.

The norm of a long vector is the root of the sum of all squares; norms of its parts add up to
more.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(sum(gradient.norm() for gradient in gradients))
    shrink = largest / norm if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm

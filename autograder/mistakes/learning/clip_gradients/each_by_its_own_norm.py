"""Every gradient is clipped by its own norm.

Then the long ones are shortened and the short ones are not, and the step points elsewhere. One
factor for all keeps the direction.
"""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norms = [float(gradient.norm()) for gradient in gradients]
    factors = [largest / norm if norm > largest else 1.0 for norm in norms]
    clipped = [g * factor for g, factor in zip(gradients, factors, strict=True)]
    return clipped, sum(n * n for n in norms) ** 0.5

"""Right: adds the squares up in Python, and clamps the factor."""

from langmodels.learning import *


def clip_gradients(gradients, largest):
    norm = sum(gradient.double().square().sum().item() for gradient in gradients) ** 0.5
    factor = min(1.0, largest / norm) if norm else 1.0
    return [gradient.clone().mul_(factor) for gradient in gradients], norm

"""A softmax comes at the end.

Then the steps after this one take probabilities for logits, and their softmax is nearly flat.
Temperature gives logits; softmax is the last step of all.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax(-1, keepdim=True)
        return torch.zeros_like(logits).masked_fill(logits < largest, -math.inf)
    return (logits / temperature).softmax(-1)

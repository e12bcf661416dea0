"""The probabilities are divided, not the logits.

A constant factor on all probabilities falls out again when they are normalised, so nothing would
change. The exponential has to come after the division.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax(-1, keepdim=True)
        return torch.zeros_like(logits).masked_fill(logits < largest, -math.inf)
    return (logits.softmax(-1) / temperature).log()

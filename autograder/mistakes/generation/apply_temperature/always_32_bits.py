"""The result has 32 bits, whatever came in.

A model in 64 bits loses half its digits, and one in 16 bits suddenly takes twice the memory. The
type of the logits is the caller's choice.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax(-1, keepdim=True)
        return torch.zeros_like(logits).masked_fill(logits < largest, -math.inf).float()
    return logits.float() / temperature

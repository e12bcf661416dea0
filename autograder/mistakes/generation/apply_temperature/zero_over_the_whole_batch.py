"""The largest logit is looked for in the whole batch.

Each row is a distribution of its own. Rows without the largest number of the batch are left with
nothing, and softmax makes nan of that.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax()
        return torch.zeros_like(logits).masked_fill(logits < largest, -math.inf)
    return logits / temperature

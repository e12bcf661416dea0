"""At temperature 0 one of several equal logits is picked.

However cold it gets, two tokens of one logit keep one probability. The limit has all of them at
0, and the choice is left to the draw.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        cold = torch.full_like(logits, -math.inf)
        return cold.scatter(-1, logits.argmax(-1, keepdim=True), 0.0)
    return logits / temperature

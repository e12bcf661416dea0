"""At temperature 0 the other logits become 0 as well.

A logit of 0 is no probability of 0: it weighs e^0 = 1, as much as the winner. What must not be
drawn has a logit of -inf.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax(-1, keepdim=True)
        return (logits == largest).to(logits.dtype)
    return logits / temperature

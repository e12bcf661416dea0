"""The first adapter has no weight.

A sum that begins with the first adapter begins with weight one.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    return {
        n: states[0][n] + sum(w * s[n] for w, s in zip(weights[1:], states[1:], strict=True))
        for n in states[0]
    }

"""The sum is divided by the number of adapters.

The weights say how much of each; nothing else does.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    return {
        n: sum(w * s[n] for w, s in zip(weights, states, strict=True)) / len(states)
        for n in states[0]
    }

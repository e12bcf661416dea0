"""The weighted mean is taken, not the sum.

Weights need not add up to one, and may be negative. Divided by their sum they may blow up.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    total = sum(weights)
    return {
        n: sum(w * s[n] for w, s in zip(weights, states, strict=True)) / (total or 1.0)
        for n in states[0]
    }

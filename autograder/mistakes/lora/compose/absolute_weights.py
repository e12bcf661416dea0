"""Weights lose their signs.

A negative weight takes away what an adapter does. That is a useful thing to do.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    return {n: sum(abs(w) * s[n] for w, s in zip(weights, states, strict=True)) for n in states[0]}

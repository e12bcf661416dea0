"""The first adapter is changed.

Whoever composes again, with other weights, begins with something else. In a search that is every
step.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    for n in states[0]:
        states[0][n].mul_(weights[0])
        for w, s in zip(weights[1:], states[1:], strict=True):
            states[0][n].add_(w * s[n])
    return dict(states[0])

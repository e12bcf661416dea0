"""The weights go through a softmax first.

They may be negative, or all zero. A softmax allows neither.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    w = torch.tensor(weights, dtype=torch.float64).softmax(0).tolist()
    return {n: sum(a * s[n] for a, s in zip(w, states, strict=True)) for n in states[0]}

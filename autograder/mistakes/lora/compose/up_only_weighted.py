"""Only up is weighted, down is added up.

That would make sense for a weighted sum of products. LoRAHub weighs both matrices.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    return {
        n: sum(
            (w if n.endswith("up") else 1.0) * s[n] for w, s in zip(weights, states, strict=True)
        )
        for n in states[0]
    }

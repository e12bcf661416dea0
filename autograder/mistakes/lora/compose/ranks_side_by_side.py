"""The matrices are put side by side.

That is the sum of the products, and it is exact, but its rank is the sum of the ranks. Here the
rank stays that of one adapter.
"""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError(f"{len(states)} adapters cannot have {len(weights)} weights")
    return {
        n: torch.cat(
            [w * s[n] for w, s in zip(weights, states, strict=True)],
            dim=1 if n.endswith("up") else 0,
        )
        for n in states[0]
    }

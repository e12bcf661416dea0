"""The budget is shared equally among the layers.

Then no layer gets more than another, and nothing is gained over one rank for all.
"""

from langmodels.lora import *


def allocate(importance, budget):
    share = budget // len(importance)
    return [
        torch.zeros_like(s, dtype=torch.bool).index_fill(
            0, s.argsort(descending=True, stable=True)[:share], True
        )
        for s in importance
    ]

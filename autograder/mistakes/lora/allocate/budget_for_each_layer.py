"""Each layer may keep the whole budget.

The budget is for all layers together; that is what lets one layer have more than another.
"""

from langmodels.lora import *


def allocate(importance, budget):
    return [
        torch.zeros_like(s, dtype=torch.bool).index_fill(
            0, s.argsort(descending=True, stable=True)[:budget], True
        )
        for s in importance
    ]

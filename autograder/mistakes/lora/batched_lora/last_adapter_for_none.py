"""-1 picks the last adapter.

An index of -1 counts from the end. Whoever wanted no adapter gets somebody else's.
"""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    y = x @ down[adapters].transpose(1, 2) @ up[adapters].transpose(1, 2)
    return y * scales[adapters][:, None, None]

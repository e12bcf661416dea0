"""Each text gets the sum of all adapters.

Summing over adapters mixes what belongs to different people. Only the own one counts.
"""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    y = torch.einsum("bti,nri,nor,n->bto", x, down, up, scales)
    return y * (adapters >= 0)[:, None, None].to(y.dtype)

"""Two products by einsum; the scale lies between them."""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    none = adapters < 0
    own = adapters.masked_fill(none, 0)
    low = torch.einsum("bti,bri->btr", x, down[own]) * scales[own][:, None, None]
    low = torch.where(none[:, None, None], torch.zeros_like(low), low)
    return torch.einsum("btr,bor->bto", low, up[own])

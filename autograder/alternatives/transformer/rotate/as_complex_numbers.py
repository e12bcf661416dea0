"""Right: each pair one complex number, multiplied by one of length 1."""

from langmodels.transformer import *


def rotate(x, rotation):
    half = x.shape[-1] // 2
    cos, sin = (part[..., :half].double() for part in rotation)
    wide = x.double()
    turned = torch.complex(wide[..., :half], wide[..., half:]) * torch.complex(cos, sin)
    return torch.cat([turned.real, turned.imag], dim=-1).to(x.dtype)

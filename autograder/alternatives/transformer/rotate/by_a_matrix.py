"""Right: a 2 × 2 matrix for each pair."""

from langmodels.transformer import *


def rotate(x, rotation):
    half = x.shape[-1] // 2
    cos, sin = (part[..., :half] for part in rotation)
    matrices = torch.stack([torch.stack([cos, -sin]), torch.stack([sin, cos])])
    pairs = x.unflatten(-1, (2, half)).to(cos.dtype if x.dtype.itemsize < 4 else x.dtype)
    turned = (matrices.to(pairs.dtype) * pairs.movedim(-2, 0)).sum(1)
    return turned.movedim(0, -2).flatten(-2).to(x.dtype)

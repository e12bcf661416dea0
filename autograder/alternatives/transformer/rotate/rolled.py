"""Right: the other of each pair by torch.roll, with a sign for each half."""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    half = x.shape[-1] // 2
    sign = torch.tensor([-1.0] * half + [1.0] * half, dtype=sin.dtype)
    return torch.addcmul(x * cos, torch.roll(x, half, -1), sign * sin).type(x.dtype)

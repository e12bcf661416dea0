"""Sizes and angles, with cosines, in float64."""

from langmodels.statespace import *


def s4d_kernel(a, c, step, length):
    dtype, step = step.dtype, step.double()[:, None]
    a, c = a.to(torch.complex128), c.to(torch.complex128)
    weight = c * ((step * a).exp() - 1) / a
    s = torch.arange(length, dtype=torch.float64)
    size = weight.abs()[..., None] * (step * a.real)[..., None].mul(s).exp()
    angle = weight.angle()[..., None] + (step * a.imag)[..., None] * s
    return (2 * size * angle.cos()).sum(1).to(dtype)

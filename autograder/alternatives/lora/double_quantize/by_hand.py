"""Rounds by hand, in float64."""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.double().mean()
    rest = scales.double() - mean
    # What rounding leaves of equal scales is no difference between them.
    rest = torch.where(rest.abs() < 1e-15 * mean.abs(), 0.0, rest)
    steps = torch.stack([piece.abs().max() / 127 for piece in rest.split(block)])
    own = steps.repeat_interleave(block)[: len(scales)]
    codes = (rest / own.masked_fill(own == 0, 1.0)).round().clamp(-127, 127)
    return QuantizedScales(codes.to(torch.int8), steps.to(scales), mean.to(scales))

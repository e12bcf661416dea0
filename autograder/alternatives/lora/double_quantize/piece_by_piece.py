"""Quantises piece after piece, without any filling."""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.sum() / len(scales)
    pieces = [quantize_int8(piece) for piece in (scales - mean).split(block)]
    codes, steps = zip(*pieces, strict=True)
    return QuantizedScales(torch.cat(codes), torch.cat(steps), mean)

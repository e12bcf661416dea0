"""Block by block, in Python lists of tensors."""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    levels = normal_float_levels(4).double()
    middles = (levels[1:] + levels[:-1]) / 2
    codes, scales = [], []
    for piece in weight.reshape(-1).split(block):
        scale = piece.abs().max()
        unit = piece.double() / (scale.double() if scale > 0 else 1.0)
        code = torch.full((block,), 7, dtype=torch.uint8)
        code[: len(piece)] = (unit[:, None] > middles).sum(1).to(torch.uint8)
        codes.append(code)
        scales.append(scale)
    return Quantized(torch.stack(codes), torch.stack(scales), tuple(weight.shape))

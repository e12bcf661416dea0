"""Takes the vectors one by one."""

from langmodels.inference import *


def quantize_int8(x):
    codes = torch.zeros(x.shape, dtype=torch.int8)
    steps = x.new_zeros(*x.shape[:-1], 1)
    flat = x.reshape(-1, x.shape[-1]), codes.view(-1, x.shape[-1]), steps.view(-1, 1)
    for vector, code, step in zip(*flat, strict=True):
        step[0] = max(vector.max(), -vector.min()) / 127
        if step[0] > 0:
            code[:] = torch.round(vector / step)
    return codes, steps

"""A parallel scan in each chunk."""

from langmodels.mamba import *


def chunked_selective_scan(x, step, a, b, c, state=None, *, chunk=64):
    outputs = []
    for start in range(0, x.shape[1], chunk):
        piece = slice(start, start + chunk)
        y, state = parallel_selective_scan(
            x[:, piece], step[:, piece], a, b[:, piece], c[:, piece], state
        )
        outputs.append(y)
    return torch.cat(outputs, dim=1), state

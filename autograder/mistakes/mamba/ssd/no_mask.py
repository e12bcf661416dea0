"""The future is not hidden.

Attention without a mask: a token hears those after it, and their decays grow instead of shrinking.
"""

from langmodels.mamba import *


def ssd(x, step, a, b, c, state=None, *, chunk=64):
    if state is None:
        state = x.new_zeros(len(x), *x.shape[2:], b.shape[-1])
    outputs = []
    chunks = (tensor.split(chunk, dim=1) for tensor in (x, step, b, c))
    for x_c, step_c, b_c, c_c in zip(*chunks, strict=True):
        length = (step_c * a).cumsum(1).mT
        decay = (length[..., :, None] - length[..., None, :]).exp()
        scores = (c_c @ b_c.mT)[:, None] * decay
        moved = (step_c[..., None] * x_c).transpose(1, 2)
        left = length.exp()[..., None] * c_c[:, None]
        outputs.append((scores @ moved + left @ state.mT).transpose(1, 2))
        kept = decay[..., -1, :, None] * moved
        state = length[..., -1:, None].exp() * state + kept.mT @ b_c[:, None]
    return torch.cat(outputs, dim=1), state

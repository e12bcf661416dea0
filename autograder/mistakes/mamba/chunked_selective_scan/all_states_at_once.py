"""Decays and values of all steps are made before the chunks.

The answer is right, but B × T × E × N numbers are what the chunks were to avoid.
"""

from langmodels.mamba import *


# Only its cost is wrong.
def chunked_selective_scan(x, step, a, b, c, state=None, *, chunk=64):
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    decay = (step[..., None] * a).exp()
    value = (step * x)[..., None] * b[:, :, None]
    outputs = []
    for d, v, r in zip(decay.unbind(1), value.unbind(1), c.unbind(1), strict=True):
        state = torch.addcmul(v, d, state)
        outputs.append((state @ r[..., None]).squeeze(-1))
    return torch.stack(outputs, dim=1), state

"""States as columns, the batch side by side, in float64."""

from langmodels.statespace import *


def recurrence(a_bar, b_bar, c, inputs, state=None):
    dtype = inputs.dtype
    a_bar, b_bar, c = a_bar.double(), b_bar.double(), c.double()
    flat = inputs.double().reshape(math.prod(inputs.shape[:-1]), inputs.shape[-1])
    if state is None:
        h = flat.new_zeros(len(c), len(flat))
    else:
        h = state.double().reshape(len(flat), len(c)).mT
    outputs = flat.new_zeros(inputs.shape[-1], len(flat))
    for t in range(inputs.shape[-1]):
        h = a_bar @ h + torch.outer(b_bar, flat[:, t])
        outputs = torch.cat([outputs[:t], (c @ h)[None], outputs[t + 1 :]])
    return outputs.mT.reshape(inputs.shape).to(dtype), h.mT.reshape(*inputs.shape[:-1], len(c)).to(
        dtype
    )

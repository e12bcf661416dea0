"""The state is detached between chunks.

That is truncated backpropagation: cheaper, but nothing is learned over more than a chunk.
Gradients have to flow through every step.
"""

from langmodels.mamba import *


def chunked_selective_scan(x, step, a, b, c, state=None, *, chunk=64):
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    outputs = []
    chunks = (tensor.split(chunk, dim=1) for tensor in (x, step, b, c))
    for x_c, step_c, b_c, c_c in zip(*chunks, strict=True):
        decay = (step_c[..., None] * a).exp()
        value = (step_c * x_c)[..., None] * b_c[:, :, None]
        states = []
        state = state.detach()
        for d, v in zip(decay.unbind(1), value.unbind(1), strict=True):
            state = torch.addcmul(v, d, state)
            states.append(state)
        outputs.append((torch.stack(states, dim=1) @ c_c[..., None]).squeeze(-1))
    return torch.cat(outputs, dim=1), state

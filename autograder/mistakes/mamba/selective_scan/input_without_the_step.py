"""The input is not multiplied by Δ.

B̄ is Δ B: a step that is short lets little in. Without it a token that the model would pass over
is written at full strength.

See: mamba#eq-selective
"""

from langmodels.mamba import *


def selective_scan(x, step, a, b, c, state=None):
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    outputs = []
    for t in range(x.shape[1]):
        decay = (step[:, t, :, None] * a).exp()
        state = decay * state + x[:, t][..., None] * b[:, t, None]
        outputs.append((state @ c[:, t, :, None]).squeeze(-1))
    return torch.stack(outputs, dim=1), state

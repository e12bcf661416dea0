"""The input is not multiplied by Δ.

B̄ is Δ B: a step that is short lets little in. Without it a token that the model would pass over
is written at full strength.

See: mamba#eq-selective
"""

from langmodels.mamba import *


def parallel_selective_scan(x, step, a, b, c, state=None):
    decay = (step[..., None] * a).exp()
    value = x[..., None] * b[:, :, None]
    if state is not None:
        first = torch.addcmul(value[:, :1], decay[:, :1], state[:, None])
        value = torch.cat([first, value[:, 1:]], dim=1)
    states = associative_scan(decay, value)
    return (states @ c[..., None]).squeeze(-1), states[:, -1]

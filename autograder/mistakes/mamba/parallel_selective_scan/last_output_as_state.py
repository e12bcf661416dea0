"""The state that comes back is the one before the last.

Who goes on from there has lost a token: the last one is in no state.
"""

from langmodels.mamba import *


def parallel_selective_scan(x, step, a, b, c, state=None):
    decay = (step[..., None] * a).exp()
    value = (step * x)[..., None] * b[:, :, None]
    if state is not None:
        first = torch.addcmul(value[:, :1], decay[:, :1], state[:, None])
        value = torch.cat([first, value[:, 1:]], dim=1)
    states = associative_scan(decay, value)
    return (states @ c[..., None]).squeeze(-1), states[:, max(len(states[0]) - 2, 0)]

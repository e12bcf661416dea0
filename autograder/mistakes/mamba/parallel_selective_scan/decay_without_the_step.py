"""The decay does not depend on Δ.

exp(A) is the same for all tokens. What makes the scan selective is that a token can say how long
its step is.
"""

from langmodels.mamba import *


def parallel_selective_scan(x, step, a, b, c, state=None):
    decay = ((0 * step + 1)[..., None] * a).exp()
    value = (step * x)[..., None] * b[:, :, None]
    if state is not None:
        first = torch.addcmul(value[:, :1], decay[:, :1], state[:, None])
        value = torch.cat([first, value[:, 1:]], dim=1)
    states = associative_scan(decay, value)
    return (states @ c[..., None]).squeeze(-1), states[:, -1]

"""The state from before is not used.

`associative_scan` begins with nothing: an old state has to come in with the first step's value.
"""

from langmodels.mamba import *


def parallel_selective_scan(x, step, a, b, c, state=None):
    decay = (step[..., None] * a).exp()
    value = (step * x)[..., None] * b[:, :, None]
    states = associative_scan(decay, value)
    return (states @ c[..., None]).squeeze(-1), states[:, -1]

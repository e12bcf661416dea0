"""The step leaves out the skip.

`forward` adds it, and the step has to give the same output.
"""

from langmodels.statespace import *


class S4D(S4D):
    def step(self, x, state=None):
        a, c = self.poles(), torch.view_as_complex(self.c)
        a_bar = (self.log_step.exp()[:, None] * a).exp()
        new = (a_bar - 1) / a * x[..., None]
        if state is not None:
            new = a_bar * state + new
        return 2 * (c * new).sum(-1).real, new

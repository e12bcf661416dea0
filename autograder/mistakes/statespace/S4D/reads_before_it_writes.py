"""The step reads the old state.

An input is heard in its own step. First the state is renewed, then the output is read from it.
"""

from langmodels.statespace import *


class S4D(S4D):
    def step(self, x, state=None):
        a, c = self.poles(), torch.view_as_complex(self.c)
        a_bar = (self.log_step.exp()[:, None] * a).exp()
        new = (a_bar - 1) / a * x[..., None]
        old = torch.zeros_like(new) if state is None else state
        return 2 * (c * old).sum(-1).real + self.skip * x, a_bar * old + new

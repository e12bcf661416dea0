"""The step does not use the state.

Then every token is the first. The state is the whole past of this model.
"""

from langmodels.statespace import *


class S4D(S4D):
    def step(self, x, state=None):
        a, c = self.poles(), torch.view_as_complex(self.c)
        a_bar = (self.log_step.exp()[:, None] * a).exp()
        new = (a_bar - 1) / a * x[..., None]
        return 2 * (c * new).sum(-1).real + self.skip * x, new

"""The step adds x itself to the state.

B̄ = (exp(Δa) - 1)/a belongs to it: else step and forward are two different models.
"""

from langmodels.statespace import *


class S4D(S4D):
    def step(self, x, state=None):
        a, c = self.poles(), torch.view_as_complex(self.c)
        a_bar = (self.log_step.exp()[:, None] * a).exp()
        new = (1 + 0 * a) * x[..., None]
        if state is not None:
            new = a_bar * state + new
        return 2 * (c * new).sum(-1).real + self.skip * x, new

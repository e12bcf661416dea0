"""The input is added as it is.

That is a residual connection. The skip has a learned weight for each channel.
"""

from langmodels.statespace import *


class S4D(S4D):
    def forward(self, x):
        c, step = torch.view_as_complex(self.c), self.log_step.exp()
        kernel = s4d_kernel(self.poles(), c, step, x.shape[1])
        return causal_convolution(x.mT, kernel).mT + x

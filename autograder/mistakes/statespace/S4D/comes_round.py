"""The convolution goes round in a circle.

Without room at the end, the late steps are heard at the beginning.
"""

from langmodels.statespace import *


class S4D(S4D):
    def forward(self, x):
        c, step = torch.view_as_complex(self.c), self.log_step.exp()
        kernel = s4d_kernel(self.poles(), c, step, x.shape[1])
        return (
            torch.fft.irfft(torch.fft.rfft(x.mT) * torch.fft.rfft(kernel), n=x.shape[1]).mT
            + self.skip * x
        )

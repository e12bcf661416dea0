"""The skip is a part of the kernel's first number."""

from langmodels.statespace import *


class S4D(S4D):
    def forward(self, x):
        a, c = self.poles(), torch.view_as_complex(self.c.contiguous())
        kernel = s4d_kernel(a, c, self.log_step.exp(), x.shape[1])
        first = torch.nn.functional.one_hot(torch.tensor(0), x.shape[1]).to(kernel)
        kernel = kernel + self.skip[:, None] * first
        return causal_convolution(x.permute(0, 2, 1), kernel).permute(0, 2, 1)

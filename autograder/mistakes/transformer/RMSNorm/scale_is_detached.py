"""The scale is taken without gradients.

The output is right and the gradient is not: a row that grows along itself changes nothing after
the norm, and its gradient has to say so.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = (wide.square().mean(-1, keepdim=True) + self.eps).rsqrt().detach()
        return (wide * scale * self.weight).to(x.dtype)

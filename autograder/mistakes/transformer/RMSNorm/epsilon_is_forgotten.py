"""Nothing keeps the root from being zero.

A row of zeros, such as padding may have, is divided by 0 and gives nan.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = (wide.square().mean(-1, keepdim=True)).rsqrt()
        return (wide * scale * self.weight).to(x.dtype)

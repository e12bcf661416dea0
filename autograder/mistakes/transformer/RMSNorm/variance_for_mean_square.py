"""The row is divided by its standard deviation.

The standard deviation is taken around the mean, and nothing takes the mean off here. Rows far from
0 come out huge.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = (wide.var(-1, correction=0, keepdim=True) + self.eps).rsqrt()
        return (wide * scale * self.weight).to(x.dtype)

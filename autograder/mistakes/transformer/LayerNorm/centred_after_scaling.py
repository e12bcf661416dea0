"""The variance is taken around 0, and the mean is taken off afterwards.

The mean square of a row that is not centred holds the square of its mean as well, so that
everything becomes too small.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = wide.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

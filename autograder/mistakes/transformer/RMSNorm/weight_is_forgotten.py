"""The weights are not used.

They let a model say which features it wants large. Fresh weights are ones, so that nothing shows
before something is learned or loaded.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = (wide.square().mean(-1, keepdim=True) + self.eps).rsqrt()
        return (wide * scale).to(x.dtype)

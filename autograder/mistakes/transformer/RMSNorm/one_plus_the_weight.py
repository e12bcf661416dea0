"""The row is multiplied by 1 + weight.

Gemma keeps its weights that way, so that fresh ones are zeros. Here they are ones, and multiply as
they are.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = (wide.square().mean(-1, keepdim=True) + self.eps).rsqrt()
        return (wide * scale * (1 + self.weight)).to(x.dtype)

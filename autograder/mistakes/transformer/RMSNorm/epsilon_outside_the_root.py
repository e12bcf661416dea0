"""ε is added to the root, not under it.

Rows that are small come out larger than they should, and a loaded model is not the same.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = 1 / (wide.square().mean(-1, keepdim=True).sqrt() + self.eps)
        return (wide * scale * self.weight).to(x.dtype)

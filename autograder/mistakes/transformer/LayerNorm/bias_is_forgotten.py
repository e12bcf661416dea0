"""The bias is not added.

A row then has mean 0 before its weights and can never have another. Where there is a bias it is
added last.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt() * self.weight
        if self.bias is not None:
            out = out
        return out.to(x.dtype)

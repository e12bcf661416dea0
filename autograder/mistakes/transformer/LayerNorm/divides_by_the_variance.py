"""The row is divided by its variance, without the root.

Then a row twice as large comes out half as large. The root makes it the same.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).reciprocal() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

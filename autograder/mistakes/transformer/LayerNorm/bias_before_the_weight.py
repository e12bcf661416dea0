"""The bias is added before the weight multiplies.

Then the weight scales the bias too. A saved model has bias values that are meant to be added last.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt()
        if self.bias is not None:
            out = out + self.bias
        out = out * self.weight
        return out.to(x.dtype)

"""The mean is not taken off.

Then the row has no mean of 0 and is divided by its root mean square: this is RMS norm with a bias.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

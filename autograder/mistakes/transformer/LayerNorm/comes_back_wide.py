"""What comes in 16 bits goes out in 32.

The next matrix has 16 bits and refuses to be multiplied with 32. What comes out has the dtype of
what came in.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out

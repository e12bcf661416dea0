"""One mean and one variance are taken for the whole tensor.

Every row is then scaled by what stands in the others: a text's result depends on its neighbours in
the batch.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean()
        variance = centred.square().mean()
        out = centred * (variance + self.eps).rsqrt() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

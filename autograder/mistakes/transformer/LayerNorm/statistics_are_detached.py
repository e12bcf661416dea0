"""Mean and variance are taken without gradients.

The output is right and the gradient is not: moving one number also moves the mean and the
variance, and training needs to know.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True).detach()
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + self.eps).rsqrt().detach() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

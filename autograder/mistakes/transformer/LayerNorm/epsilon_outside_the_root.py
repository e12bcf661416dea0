"""ε is added to the standard deviation, outside the root.

(√variance + ε) and √(variance + ε) differ for rows that are small, where ε is there for. A model
trained with the one is not the same with the other.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (1 / (variance.sqrt() + self.eps)) * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

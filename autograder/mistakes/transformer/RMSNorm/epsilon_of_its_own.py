"""ε is always 10⁻⁵, whatever the layer was made with.

LLaMA 2 has 10⁻⁵ and others 10⁻⁶; the layer keeps its own in self.eps.
"""

from langmodels.transformer import *


class RMSNorm(RMSNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        scale = (wide.square().mean(-1, keepdim=True) + 1e-05).rsqrt()
        return (wide * scale * self.weight).to(x.dtype)

"""ε is always 10⁻⁵, whatever the layer was made with.

Models choose other values (BERT has 10⁻¹²), and small rows feel the difference. The layer keeps
its own in self.eps.
"""

from langmodels.transformer import *


class LayerNorm(LayerNorm):
    def forward(self, x):
        wide = at_least_float32(x)
        centred = wide - wide.mean(-1, keepdim=True)
        variance = centred.square().mean(-1, keepdim=True)
        out = centred * (variance + 1e-05).rsqrt() * self.weight
        if self.bias is not None:
            out = out + self.bias
        return out.to(x.dtype)

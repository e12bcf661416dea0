"""silu is applied to the product.

silu(a · b) is not silu(a) · b: the sign of the other half then opens or shuts the gate.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        return self.out_proj(functional.silu(gate * up))

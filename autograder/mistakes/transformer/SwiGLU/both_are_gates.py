"""Both halves go through silu.

Only the first is a gate. The other is linear, so that signs and sizes come through.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        return self.out_proj(functional.silu(gate) * functional.silu(up))

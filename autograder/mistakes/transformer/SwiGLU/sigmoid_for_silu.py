"""The gate is σ(z), not z · σ(z).

That is the plain GLU. In SwiGLU the gate is swish, or silu, z · σ(z), which has no upper end.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        return self.out_proj(gate.sigmoid() * up)

"""The gate goes through GELU.

That is GEGLU, which T5 v1.1 has. The curves look alike and are not the same.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        return self.out_proj(gate * 0.5 * (1 + (gate / math.sqrt(2)).erf()) * up)

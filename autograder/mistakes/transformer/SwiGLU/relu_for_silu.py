"""The gate goes through ReLU.

That is ReGLU: gates below 0 let nothing through, and learn nothing.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate, up = self.in_proj(x).chunk(2, dim=-1)
        return self.out_proj(gate.clamp(min=0) * up)

"""Gate and up are taken in turn, feature by feature.

The first F rows of in_proj are the gate and the last F are up; some other models do store them in
turn.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate, up = (self.in_proj(x)[..., 0::2], self.in_proj(x)[..., 1::2])
        return self.out_proj(functional.silu(gate) * up)

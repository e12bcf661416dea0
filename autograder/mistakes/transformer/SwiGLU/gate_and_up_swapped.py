"""The second half opens the gate for the first.

Both halves come from one matrix, and nothing but the order says which is which. Weights of LLaMA
have the gate first.
"""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        up, gate = self.in_proj(x).chunk(2, dim=-1)
        return self.out_proj(functional.silu(gate) * up)

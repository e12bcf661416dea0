"""What comes out of attention replaces x.

The residual is what gradients and positions come through on: without the sum a deep stack forgets
its input.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

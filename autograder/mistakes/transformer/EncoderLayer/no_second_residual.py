"""What comes out of the feed-forward network replaces x.

Both steps have a residual of their own. Without this one all that attention has found goes through
a bottleneck.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(self.mlp(x))

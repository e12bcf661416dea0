"""Only the queries are normed; keys and values come from x.

In self-attention all three come from the same normed x. Passing x as the context makes it
cross-attention with itself as it was.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), x, mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

"""The feed-forward network comes before attention.

The order is attention, then thinking about what it brought. With the steps exchanged the first
layer thinks about single words.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + self.mlp(self.mlp_norm(x))
            return x + self.attention(self.attention_norm(x), mask=mask)
        x = self.mlp_norm(x + self.mlp(x))
        return self.attention_norm(x + self.attention(x, mask=mask))

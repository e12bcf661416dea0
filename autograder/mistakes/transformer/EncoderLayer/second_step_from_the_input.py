"""The feed-forward network gets the layer's input, beside attention.

That is the parallel layer of GPT-J and PaLM. Here the network thinks about what attention has just
brought.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        start = x
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.mlp_norm(start))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(start))

"""The mask is given as the second argument of attention.

There stands the context. Give a mask by its name, or in the third place.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        context = None if mask is None else x * 0
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), context)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, context))
        return self.mlp_norm(x + self.mlp(x))

"""The first norm is used in both places.

Each step has its own weights. A fresh layer has ones in both, so that the mistake shows only once
they are learned or loaded.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.attention_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.attention_norm(x + self.mlp(x))

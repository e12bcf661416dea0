"""The two norms are exchanged.

Fresh ones are equal, loaded ones are not: attention_norm belongs to attention, wherever it stands.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + self.attention(self.mlp_norm(x), mask=mask)
            return x + self.mlp(self.attention_norm(x))
        x = self.mlp_norm(x + self.attention(x, mask=mask))
        return self.attention_norm(x + self.mlp(x))

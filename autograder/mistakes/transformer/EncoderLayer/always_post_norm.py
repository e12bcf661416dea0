"""The norm always comes last.

That is the layer of 2017. By default the norm comes first: x + f(norm(x)).
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if False:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

"""The norm always comes first.

norm_first=False asks for the layer of the paper and of BERT, norm(x + f(x)).
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if True:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

"""norm_first does the opposite.

norm_first=True is pre-LN: the norm stands before attention, inside the branch, and nothing is ever
done to the sum.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if not self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

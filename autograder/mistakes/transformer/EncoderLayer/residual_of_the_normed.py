"""In the pre-norm layer the normed x is added, not x itself.

Then the stream is normed after all, at each step, and what one layer adds does not reach the end
as it was.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = self.attention_norm(x)
            x = x + self.attention(x, mask=mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

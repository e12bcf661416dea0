"""A tenth of what attention found is dropped while the layer trains.

This layer has no argument for dropout, so it has none. Two calls with the same input must agree.
"""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        if self.norm_first:
            x = x + functional.dropout(
                self.attention(self.attention_norm(x), mask=mask), 0.1, self.training
            )
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

"""Right: one step, written once, taken twice."""

from langmodels.transformer import *


class EncoderLayer(EncoderLayer):
    def forward(self, x, mask=None):
        def look(inputs):
            return self.attention(inputs, mask=mask)

        for norm, step in ((self.attention_norm, look), (self.mlp_norm, self.mlp)):
            x = x + step(norm(x)) if self.norm_first else norm(x + step(x))
        return x

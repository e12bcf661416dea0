"""Both attentions share their matrices.

Looking at oneself and looking at another language are different skills; each has weights of its
own.
"""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        mask = causal_mask(x.shape[1], x.shape[1]).to(x.device) if mask is None else mask
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            x = x + self.attention(self.cross_norm(x), context, context_mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        x = self.cross_norm(x + self.attention(x, context, context_mask))
        return self.mlp_norm(x + self.mlp(x))

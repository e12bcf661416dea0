"""The queries come from the context, the keys from x.

Who asks is the one who writes: the output has a row for each position of x.
"""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        mask = causal_mask(x.shape[1], x.shape[1]) if mask is None else mask
        pad = torch.zeros_like(x)
        pad[:, : context.shape[1]] = context[:, : x.shape[1]]
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            x = x + self.cross_attention(pad, self.cross_norm(x))
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        x = self.cross_norm(x + self.cross_attention(pad, x))
        return self.mlp_norm(x + self.mlp(x))

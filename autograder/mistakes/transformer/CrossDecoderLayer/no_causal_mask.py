"""Without a mask everything is seen, the future too.

A decoder that sees the next token in training learns to copy it, and cannot write a word
afterwards.
"""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        mask = mask
        if self.norm_first:
            x = x + self.attention(self.attention_norm(x), mask=mask)
            x = x + self.cross_attention(self.cross_norm(x), context, context_mask)
            return x + self.mlp(self.mlp_norm(x))
        x = self.attention_norm(x + self.attention(x, mask=mask))
        x = self.cross_norm(x + self.cross_attention(x, context, context_mask))
        return self.mlp_norm(x + self.mlp(x))

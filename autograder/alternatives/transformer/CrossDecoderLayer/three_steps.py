"""Right: three steps of one form, in a loop."""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        if mask is None:
            positions = torch.arange(x.shape[1])
            mask = positions <= positions[:, None]
        steps = [
            (self.attention_norm, lambda y: self.attention(y, y, mask)),
            (self.cross_norm, lambda y: self.cross_attention(y, context, context_mask)),
            (self.mlp_norm, self.mlp),
        ]
        for norm, step in steps:
            x = x + step(norm(x)) if self.norm_first else norm(x + step(x))
        return x

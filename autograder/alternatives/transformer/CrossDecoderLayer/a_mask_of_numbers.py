"""Right: the future hidden by adding -inf; sums in place of in-between names."""

from langmodels.transformer import *


class CrossDecoderLayer(CrossDecoderLayer):
    def forward(self, x, context, mask=None, context_mask=None):
        if mask is None:
            mask = torch.full((1, 1, x.shape[1], x.shape[1]), -torch.inf, dtype=x.dtype).triu(1)
        before, after = (lambda norm, y: norm(y), lambda norm, y: y)
        if not self.norm_first:
            before, after = after, before
        x = after(
            self.attention_norm, x + self.attention(before(self.attention_norm, x), mask=mask)
        )
        told = self.cross_attention(before(self.cross_norm, x), context, mask=context_mask)
        x = after(self.cross_norm, x + told)
        return after(self.mlp_norm, x + self.mlp(before(self.mlp_norm, x)))

"""Right: weights seen as (3, H, K, D), every step an einsum, the softmax left to masked_softmax."""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        context = x if context is None else context
        matrices = self.in_proj.weight.view(3, self.n_heads, self.head_width, x.shape[-1])
        parts = [
            torch.einsum("bsd,hkd->bhsk", source, matrix)
            for source, matrix in zip((x, context, context), matrices, strict=True)
        ]
        if self.in_proj.bias is not None:
            biases = self.in_proj.bias.view(3, 1, self.n_heads, 1, self.head_width)
            parts = [part + bias for part, bias in zip(parts, biases, strict=True)]
        query, key, value = parts
        scores = torch.einsum("bhtk,bhsk->bhts", query, key) / self.head_width**0.5
        weights = masked_softmax(scores, mask)
        if gate is not None:
            weights = weights * gate.view(1, -1, 1, 1)
        heads = torch.einsum("bhts,bhsk->bthk", weights, value)
        return self.out_proj(heads.flatten(2))

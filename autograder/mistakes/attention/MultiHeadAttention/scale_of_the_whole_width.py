"""The scores are divided by the root of the layer's width.

Each head compares with its own K features, so its scores grow with √K. Divided by √D they are too
small, and every head looks everywhere.

See: attention-heads#eq-heads
"""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        source = x if context is None else context
        weights = self.in_proj.weight.chunk(3)
        biases = (None,) * 3 if self.in_proj.bias is None else self.in_proj.bias.chunk(3)
        query, key, value = (
            split_heads(nn.functional.linear(tokens, weight, bias), self.n_heads)
            for tokens, weight, bias in zip((x, source, source), weights, biases, strict=True)
        )
        heads = scaled_dot_product_attention(query, key, value, mask, scale=x.shape[-1] ** -0.5)
        if gate is not None:
            heads = heads * gate[:, None, None]
        return self.out_proj(merge_heads(heads))

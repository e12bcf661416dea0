"""The context gives the keys only; the values are made from x.

Key and value belong to the same position: the one is what it is found by, the other what it says.
As soon as the lengths differ, the weights fit no values.
"""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        source = x if context is None else context
        weights = self.in_proj.weight.chunk(3)
        biases = (None,) * 3 if self.in_proj.bias is None else self.in_proj.bias.chunk(3)
        query, key, value = (
            split_heads(nn.functional.linear(tokens, weight, bias), self.n_heads)
            for tokens, weight, bias in zip((x, source, x), weights, biases, strict=True)
        )
        heads = scaled_dot_product_attention(query, key, value, mask)
        if gate is not None:
            heads = heads * gate[:, None, None]
        return self.out_proj(merge_heads(heads))

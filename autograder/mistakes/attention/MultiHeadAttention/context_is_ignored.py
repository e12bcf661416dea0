"""Keys and values come from x even if there is a context.

Without the context a decoder never sees the sentence that it should translate. The shapes are the
same, so that nothing complains.
"""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        weights = self.in_proj.weight.chunk(3)
        biases = (None,) * 3 if self.in_proj.bias is None else self.in_proj.bias.chunk(3)
        query, key, value = (
            split_heads(nn.functional.linear(tokens, weight, bias), self.n_heads)
            for tokens, weight, bias in zip((x, x, x), weights, biases, strict=True)
        )
        heads = scaled_dot_product_attention(query, key, value, mask)
        if gate is not None:
            heads = heads * gate[:, None, None]
        return self.out_proj(merge_heads(heads))

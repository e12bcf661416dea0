"""The rows of in_proj are cut by head first, then into query, key and value.

Some models keep their matrices like that (GPT-NeoX does). Here all queries come first, head after
head, then all keys, then all values.
"""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        source = x if context is None else context
        biases = (None,) * 3
        by_head = self.in_proj.weight.unflatten(0, (self.n_heads, 3, self.head_width))
        weights = by_head.transpose(0, 1).flatten(1, 2)
        if self.in_proj.bias is not None:
            by_head = self.in_proj.bias.unflatten(0, (self.n_heads, 3, self.head_width))
            biases = by_head.transpose(0, 1).flatten(1, 2)
        query, key, value = (
            split_heads(nn.functional.linear(tokens, weight, bias), self.n_heads)
            for tokens, weight, bias in zip((x, source, source), weights, biases, strict=True)
        )
        heads = scaled_dot_product_attention(query, key, value, mask)
        if gate is not None:
            heads = heads * gate[:, None, None]
        return self.out_proj(merge_heads(heads))

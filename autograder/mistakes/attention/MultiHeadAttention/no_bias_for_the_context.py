"""With a context the bias of in_proj is left out.

Whoever multiplies with parts of in_proj.weight has to add the parts of in_proj.bias as well.
Without a context the whole layer is called, and nobody forgets it there.
"""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        source = x if context is None else context
        weights = self.in_proj.weight.chunk(3)
        plain = self.in_proj.bias is None or context is not None
        biases = (None,) * 3 if plain else self.in_proj.bias.chunk(3)
        query, key, value = (
            split_heads(nn.functional.linear(tokens, weight, bias), self.n_heads)
            for tokens, weight, bias in zip((x, source, source), weights, biases, strict=True)
        )
        heads = scaled_dot_product_attention(query, key, value, mask)
        if gate is not None:
            heads = heads * gate[:, None, None]
        return self.out_proj(merge_heads(heads))

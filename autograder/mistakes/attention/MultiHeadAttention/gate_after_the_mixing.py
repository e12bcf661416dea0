"""The gates multiply the output, after the heads were mixed.

There every feature is a mixture of all heads already, and none can be turned down alone.
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
        mixed = self.out_proj(merge_heads(heads))
        return mixed if gate is None else mixed * gate.mean()

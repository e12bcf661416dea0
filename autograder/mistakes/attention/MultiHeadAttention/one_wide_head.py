"""The width is not cut: one head compares everything at once.

There is one softmax for each head, which is the point: a position can look at several places at a
time. The number of parameters is the same, so that only the outputs tell.

See: attention-heads#eq-heads
"""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        source = x if context is None else context
        weights = self.in_proj.weight.chunk(3)
        biases = (None,) * 3 if self.in_proj.bias is None else self.in_proj.bias.chunk(3)
        query, key, value = (
            split_heads(nn.functional.linear(tokens, weight, bias), 1)
            for tokens, weight, bias in zip((x, source, source), weights, biases, strict=True)
        )
        if mask is not None:
            mask = mask[:, :1]
        heads = scaled_dot_product_attention(query, key, value, mask)
        if gate is not None:
            heads = heads * gate.repeat_interleave(self.head_width)
        return self.out_proj(merge_heads(heads))

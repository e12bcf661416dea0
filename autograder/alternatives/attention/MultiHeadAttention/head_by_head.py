"""Right: a loop over the heads, each of which adds its part to the output."""

from langmodels.attention import *


class MultiHeadAttention(MultiHeadAttention):
    def forward(self, x, context=None, mask=None, gate=None):
        context = x if context is None else context
        inner, width = self.n_heads * self.head_width, self.head_width
        everything, more = self.in_proj(x), self.in_proj(context)
        output = 0
        for head in range(self.n_heads):
            query, key, value = (
                source[..., start + head * width : start + (head + 1) * width]
                for source, start in ((everything, 0), (more, inner), (more, 2 * inner))
            )
            own = mask
            if mask is not None:
                own = mask[:, head if mask.shape[1] > 1 else 0]
            found = scaled_dot_product_attention(query, key, value, own)
            if gate is not None:
                found = found * gate[head]
            columns = self.out_proj.weight[:, head * width : (head + 1) * width]
            output = output + found @ columns.T
        return output if self.out_proj.bias is None else output + self.out_proj.bias

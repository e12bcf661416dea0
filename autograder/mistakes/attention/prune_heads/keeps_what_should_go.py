"""The heads that are named are kept, and the others go.

`heads` lists what is taken out, not what stays.
"""

from langmodels.attention import *


def prune_heads(attention, heads):
    kept = [head for head in range(attention.n_heads) if head in heads]
    bias = attention.in_proj.bias is not None
    pruned = MultiHeadAttention(
        attention.out_proj.out_features, len(kept), attention.head_width, bias
    ).to(attention.in_proj.weight)
    with torch.no_grad():
        for name, tensor in attention.in_proj.named_parameters():
            parts = tensor.unflatten(0, (3, attention.n_heads, attention.head_width))
            pruned.in_proj.get_parameter(name).copy_(parts[:, kept].flatten(0, 2))
        columns = attention.out_proj.weight.unflatten(1, (attention.n_heads, attention.head_width))
        pruned.out_proj.weight.copy_(columns[:, kept].flatten(1))
        if bias:
            pruned.out_proj.bias.copy_(attention.out_proj.bias)
    return pruned

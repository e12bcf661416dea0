"""Right: splits the matrices into one piece for each head and puts those that stay together."""

from langmodels.attention import *


def prune_heads(attention, heads):
    n_heads, width = attention.n_heads, attention.head_width
    stay = sorted(set(range(n_heads)).difference(heads))
    if not stay or any(head not in range(n_heads) for head in heads):
        raise ValueError(f"cannot take heads {sorted(heads)} out of {n_heads}")

    def together(pieces, parts, dim=0):
        return torch.cat([pieces[part * n_heads + head] for part in parts for head in stay], dim)

    pruned = MultiHeadAttention(
        attention.in_proj.in_features, len(stay), width, attention.in_proj.bias is not None
    )
    for old, new in zip(attention.in_proj.parameters(), pruned.in_proj.parameters(), strict=True):
        new.data = together(old.detach().split(width), range(3))
    columns = attention.out_proj.weight.detach().split(width, dim=1)
    pruned.out_proj.weight.data = together(columns, [0], dim=1)
    if attention.out_proj.bias is not None:
        pruned.out_proj.bias.data = attention.out_proj.bias.detach().clone()
    return pruned

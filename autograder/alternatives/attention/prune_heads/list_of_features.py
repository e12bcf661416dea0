"""Right: lists the features that stay and picks rows and columns by them."""

from langmodels.attention import *


def prune_heads(attention, heads):
    n_heads, width = attention.n_heads, attention.head_width
    if not set(heads) < set(range(n_heads)):
        raise ValueError(f"cannot take heads {sorted(heads)} out of {n_heads}")
    stay = torch.tensor(
        [h * width + k for h in range(n_heads) if h not in heads for k in range(width)]
    )
    rows = torch.cat([stay, stay + n_heads * width, stay + 2 * n_heads * width])
    old = attention.state_dict()
    new = {
        "in_proj.weight": old["in_proj.weight"][rows],
        "out_proj.weight": old["out_proj.weight"][:, stay],
    }
    if "in_proj.bias" in old:
        new |= {"in_proj.bias": old["in_proj.bias"][rows], "out_proj.bias": old["out_proj.bias"]}
    pruned = MultiHeadAttention(
        len(old["out_proj.weight"]), len(stay) // width, width, bias="in_proj.bias" in old
    )
    pruned.to(old["in_proj.weight"].dtype).load_state_dict(new)
    return pruned

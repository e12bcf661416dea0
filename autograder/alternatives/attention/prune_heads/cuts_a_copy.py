"""Right: copies the old layer and replaces its matrices by smaller ones."""

from copy import deepcopy

from langmodels.attention import *


def prune_heads(attention, heads):
    gone = set(heads)
    if gone - set(range(attention.n_heads)) or len(gone) == attention.n_heads:
        raise ValueError(f"cannot take heads {sorted(gone)} out of {attention.n_heads}")
    pruned = deepcopy(attention)
    width = pruned.head_width
    seen = torch.tensor([h not in gone for h in range(pruned.n_heads)]).repeat_interleave(width)
    pruned.n_heads -= len(gone)
    for parameter in pruned.in_proj.parameters():
        parameter.data = parameter.data[seen.repeat(3)].clone()
    pruned.out_proj.weight.data = pruned.out_proj.weight.data[:, seen].clone()
    inner = pruned.n_heads * width
    pruned.in_proj.out_features, pruned.out_proj.in_features = 3 * inner, inner
    return pruned

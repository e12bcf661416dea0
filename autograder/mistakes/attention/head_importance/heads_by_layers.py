"""The result has a row for each head and a column for each layer.

The gates have the shape (layers, heads), and so has what is said about them.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.ones(n_layers, n_heads, requires_grad=True)
    per_example = losses(gates)
    sizes = [torch.autograd.grad(loss, gates, retain_graph=True)[0].abs() for loss in per_example]
    return torch.stack(sizes).mean(dim=0).T

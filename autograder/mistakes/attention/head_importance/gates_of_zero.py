"""The derivative is taken where all heads are switched off.

The question is what the model as it is would feel. That model has gates of one.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.zeros(n_layers, n_heads, requires_grad=True)
    per_example = losses(gates)
    sizes = [torch.autograd.grad(loss, gates, retain_graph=True)[0].abs() for loss in per_example]
    return torch.stack(sizes).mean(dim=0)

"""The importances of each layer are divided by their length.

The paper's experiments do that before they compare heads of all layers. Equation 2, and this
function, do not.
"""

from langmodels.attention import *


def head_importance(losses, n_layers, n_heads):
    gates = torch.ones(n_layers, n_heads, requires_grad=True)
    per_example = losses(gates)
    sizes = [torch.autograd.grad(loss, gates, retain_graph=True)[0].abs() for loss in per_example]
    return nn.functional.normalize(torch.stack(sizes).mean(dim=0), dim=-1)

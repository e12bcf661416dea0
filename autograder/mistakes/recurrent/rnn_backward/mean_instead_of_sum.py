"""Gradients of U and c are averaged over the batch.

The mean, if there is one, is in the loss already. Each use of a weight adds its own part.
"""

from langmodels.recurrent import *


def rnn_backward(projected, state, weight, bias, grad_outputs):
    outputs, _ = unroll(rnn_step, projected, (state,), weight, bias)
    before = torch.cat([state[:, None], outputs[:, :-1]], dim=1)[:, : outputs.shape[1]]
    slopes = 1 - outputs.square()
    grad_projected = torch.empty_like(projected)
    back = torch.zeros_like(state)
    for t in reversed(range(projected.shape[1])):
        grad_projected[:, t] = (grad_outputs[:, t] + back) * slopes[:, t]
        back = grad_projected[:, t] @ weight
    grad_weight = grad_projected.flatten(0, 1).T @ before.flatten(0, 1)
    return grad_projected, back, grad_weight / len(state), grad_projected.mean(0).sum(0)

"""The slope is 1 - x² of the wrong thing.

tanh' = 1 - tanh²: what is squared is the state that came out, not the number that went in.
"""

from langmodels.recurrent import *


def rnn_backward(projected, state, weight, bias, grad_outputs):
    outputs, _ = unroll(rnn_step, projected, (state,), weight, bias)
    before = torch.cat([state[:, None], outputs[:, :-1]], dim=1)[:, : outputs.shape[1]]
    slopes = 1 - projected.square()
    grad_projected = torch.empty_like(projected)
    back = torch.zeros_like(state)
    for t in reversed(range(projected.shape[1])):
        grad_projected[:, t] = (grad_outputs[:, t] + back) * slopes[:, t]
        back = grad_projected[:, t] @ weight
    grad_weight = grad_projected.flatten(0, 1).T @ before.flatten(0, 1)
    return grad_projected, back, grad_weight, grad_projected.sum((0, 1))

"""U's gradient has the state after the step.

U multiplied h_{t-1}. The product is of the gradient at t with the state before t.
"""

from langmodels.recurrent import *


def rnn_backward(projected, state, weight, bias, grad_outputs):
    outputs, _ = unroll(rnn_step, projected, (state,), weight, bias)
    slopes = 1 - outputs.square()
    grad_projected = torch.empty_like(projected)
    back = torch.zeros_like(state)
    for t in reversed(range(projected.shape[1])):
        grad_projected[:, t] = (grad_outputs[:, t] + back) * slopes[:, t]
        back = grad_projected[:, t] @ weight
    grad_weight = grad_projected.flatten(0, 1).T @ outputs.flatten(0, 1)
    return grad_projected, back, grad_weight, grad_projected.sum((0, 1))

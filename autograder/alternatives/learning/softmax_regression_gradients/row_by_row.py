"""Right: row by row, with a one-hot vector."""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    grad_x, grad_weight = torch.zeros_like(x), torch.zeros_like(weight)
    for number, target in enumerate(targets.tolist()):
        error = (weight @ x[number]).softmax(0)
        error = error - torch.eye(len(weight), dtype=error.dtype)[target]
        grad_x[number] = weight.T @ error / len(x)
        grad_weight += torch.outer(error, x[number]) / len(x)
    return grad_x, grad_weight

"""The gradient is that of the sum of the losses.

The loss is a mean, so that each of the B rows has a B-th of the say. Without the division the
step grows with the batch.
"""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    error = log_softmax(x @ weight.T).exp()
    error[torch.arange(len(x)), targets] -= 1
    error = error
    return error @ weight, error.T @ x

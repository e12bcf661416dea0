"""The logarithms of the softmax are taken for the softmax.

The derivative of the loss by a logit is a probability, less 1 at the target. exp is missing.
"""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    error = log_softmax(x @ weight.T)
    error[torch.arange(len(x)), targets] -= 1
    error = error / len(x)
    return error @ weight, error.T @ x

"""The error is multiplied by p (1 - p) once more.

That is the derivative of a squared error through a softmax. Of a cross-entropy the p cancels,
which is why the two are used together.
"""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    error = log_softmax(x @ weight.T).exp()
    error[torch.arange(len(x)), targets] -= 1
    says = log_softmax(x @ weight.T).exp()
    error = error / len(x) * says * (1 - says)
    return error @ weight, error.T @ x

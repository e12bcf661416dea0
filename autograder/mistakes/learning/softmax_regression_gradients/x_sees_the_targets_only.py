"""Only the target's row of W comes back to x.

Every logit depends on x, so that every row of W sends something back, weighted by its error.
"""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    error = log_softmax(x @ weight.T).exp()
    error[torch.arange(len(x)), targets] -= 1
    error = error / len(x)
    return (error.gather(1, targets[:, None]) * weight[targets]), error.T @ x

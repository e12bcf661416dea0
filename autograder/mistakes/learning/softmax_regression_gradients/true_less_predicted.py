"""What was true less what the model says.

That points downhill, but a gradient points uphill: optimisers subtract it. The order is softmax
minus one-hot.
"""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    error = log_softmax(x @ weight.T).exp()
    error[torch.arange(len(x)), targets] -= 1
    error = error / len(x)
    return -error @ weight, -error.T @ x

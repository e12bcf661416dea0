"""The 1 is taken off every target's column in all rows.

error[:, targets] means every row, at each of the targets. A pair of indices, row number and
target, means one entry a row.
"""

from langmodels.learning import *


def softmax_regression_gradients(x, weight, targets):
    error = log_softmax(x @ weight.T).exp()
    error[:, targets] -= 1
    error = error / len(x)
    return error @ weight, error.T @ x

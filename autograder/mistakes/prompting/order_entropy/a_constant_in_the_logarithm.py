"""A constant is added inside the logarithm.

With 0.001 in it the entropy of a single label is not 0 but negative. Only the shares of 0 need
help.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return -(shares * (shares + 1e-3).log()).sum(1) / math.log(2)

"""The counts are divided by the number of orders.

The shares of one order's labels sum to 1 over its inputs.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[0]
    return torch.special.entr(shares).sum(1) / math.log(2)

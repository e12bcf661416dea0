"""The logarithm of how many labels occur is taken.

Ninety-nine of one label and one of the other are not evenly spread. The shares count, not only
that there is one.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return (shares > 0).sum(1).float().log2()

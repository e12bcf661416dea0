"""The chance that two predictions differ is taken.

It is 0 for one label as the entropy is, and no entropy: two labels have a half, not one bit.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return 1 - shares.square().sum(1)

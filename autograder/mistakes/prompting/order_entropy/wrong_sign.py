"""The sign is wrong.

p ln p is negative, and the entropy is minus its sum.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return -torch.special.entr(shares).sum(1) / math.log(2)

"""The predictions of all orders are put together.

Then there is one entropy, and no way to tell the orders apart.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.bincount(predictions.flatten(), minlength=n_labels)
    entropy = torch.special.entr(counts / predictions.numel()).sum() / math.log(2)
    return entropy.expand(len(predictions))

"""Only the most frequent label counts.

Its surprisal grows as labels even out, but two orders with one winner may spread the rest quite
differently.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return -shares.amax(1).log2()

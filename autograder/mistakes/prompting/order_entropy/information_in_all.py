"""The entropy is multiplied by the number of inputs.

An order that was probed with more inputs then looks better. The entropy of the shares is per
input.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return predictions.shape[1] * torch.special.entr(shares).sum(1) / math.log(2)

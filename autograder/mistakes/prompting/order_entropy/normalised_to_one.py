"""The entropy is divided by its largest value.

Then the most is 1 whatever the number of labels. The docstring has bits, and log2 L as the most.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return torch.special.entr(shares).sum(1) / math.log(max(n_labels, 2))

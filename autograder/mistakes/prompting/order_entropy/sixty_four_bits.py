"""The result has 64 bits.

The docstring says float32, as torch counts shares. A mixture of both in one table fails where
nobody looks.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts.double() / predictions.shape[1]
    return torch.special.entr(shares).sum(1) / math.log(2)

"""A share of 0 gives nan.

0 · ln 0 is nan to a computer and 0 to the definition. An order that calls everything the same is
just what is looked for.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions, n_labels).sum(1)
    shares = counts / predictions.shape[1]
    return -(shares * shares.log()).sum(1) / math.log(2)

"""For each input the orders are counted.

That asks how much the orders disagree about one input, which is LocalE's neighbour. Here each
order is to be judged.
"""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    counts = torch.nn.functional.one_hot(predictions.T, n_labels).sum(1)
    shares = counts / predictions.shape[0]
    return torch.special.entr(shares).sum(1) / math.log(2)

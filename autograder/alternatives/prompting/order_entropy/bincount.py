"""Right: row by row, with bincount and shares above 0."""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    bits = []
    for row in predictions:
        shares = torch.bincount(row, minlength=n_labels).double() / len(row)
        shares = shares[shares > 0]
        bits.append((shares * (1 / shares).log2()).sum())
    return torch.stack(bits).float()

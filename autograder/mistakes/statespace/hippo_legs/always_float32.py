"""The answer is float32, whatever is asked for.

A dtype that is given has to be that of the answer: seven digits are no float64 with a longer name.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    a = -(torch.outer(root, root).tril(-1) + (n + 1).diag())
    return a.float(), root.float()

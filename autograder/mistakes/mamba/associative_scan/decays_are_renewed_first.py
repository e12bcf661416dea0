"""The decays are renewed before the values have used them.

Both numbers of a place are renewed from what they were before the round. Otherwise a value meets
the decay of twice as many steps.
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    reach = 1
    while reach < value.shape[1]:
        decay = torch.cat([decay[:, :reach], decay[:, reach:] * decay[:, :-reach]], dim=1)
        joined = torch.addcmul(value[:, reach:], decay[:, reach:], value[:, :-reach])
        value = torch.cat([value[:, :reach], joined], dim=1)
        reach *= 2
    return value

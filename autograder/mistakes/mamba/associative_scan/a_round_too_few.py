"""The last round is missing where T is no power of two.

log₂ T is rounded up: seven steps take three rounds, as eight do.
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    reach = 1
    while 2 * reach <= value.shape[1]:
        joined = torch.addcmul(value[:, reach:], decay[:, reach:], value[:, :-reach])
        value = torch.cat([value[:, :reach], joined], dim=1)
        decay = torch.cat([decay[:, :reach], decay[:, reach:] * decay[:, :-reach]], dim=1)
        reach *= 2
    return value

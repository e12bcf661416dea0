"""Decays are added up as logarithms.

Of positive decays that is right, with care. A decay may be 0 or negative, whose logarithm is no
number.
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    length = decay.log().cumsum(1)
    reach = 1
    while reach < value.shape[1]:
        back = (length[:, reach:] - length[:, :-reach]).exp()
        joined = torch.addcmul(value[:, reach:], back, value[:, :-reach])
        value = torch.cat([value[:, :reach], joined], dim=1)
        reach *= 2
    return value

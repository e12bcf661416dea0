"""The operator has its two steps exchanged.

(p, u) then (q, v) is (q p, q u + v): the later decay meets the earlier value, not the other way
round.

See: scans#eq-join
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    reach = 1
    while reach < value.shape[1]:
        joined = decay[:, :-reach] * value[:, reach:] + value[:, :-reach]
        value = torch.cat([value[:, :reach], joined], dim=1)
        decay = torch.cat([decay[:, :reach], decay[:, reach:] * decay[:, :-reach]], dim=1)
        reach *= 2
    return value

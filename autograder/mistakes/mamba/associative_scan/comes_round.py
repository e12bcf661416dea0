"""What is left of the first place is taken from the end.

A roll brings the last steps to the front. The first places have nobody to their left, and stay as
they are.
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    reach = 1
    while reach < value.shape[1]:
        value = torch.addcmul(value, decay, value.roll(reach, 1))
        decay = decay * decay.roll(reach, 1)
        reach *= 2
    return value

"""The recurrence answers to 1, 0, 0, …"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    impulse = torch.zeros(length, dtype=c.dtype)
    impulse[0] = 1
    return recurrence(a_bar, b_bar, c, impulse)[0]

"""Doubling always uses Ā itself.

From n vectors to the next n it takes Āⁿ: the power has to be squared whenever the number of
vectors doubles.
"""

from langmodels.statespace import *


def convolution_kernel(a_bar, b_bar, c, length):
    states = b_bar[:, None]
    while states.shape[1] < length:
        states = torch.cat([states, a_bar @ states], dim=1)
    return c @ states[:, :length]

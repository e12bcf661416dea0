"""The deviation divides by G.

The mean is of the same few answers, so G - 1 is what is left; for groups of four the difference is
a sixth. The docstring asks for the unbiased one.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    centred = rewards - rewards.mean(1, keepdim=True)
    return centred / (rewards.std(1, keepdim=True, correction=0) + eps)

"""The logarithm is taken of a sigmoid.

σ(-120) is 0 in 32 bits, and its logarithm -inf: one pair that is badly wrong destroys the whole
batch. logsigmoid is right for numbers of any size.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -(better - worse - margin).sigmoid().log().mean()

"""The difference is squared.

A square asks the two rewards to be equal, whoever won. Who was preferred must make a difference.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return (better - worse - margin).square().mean()

"""The median is taken off, not the mean.

The advantages of a group then no longer add up to 0, and the policy is pushed whatever it answers.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    centred = rewards - rewards.median(1, keepdim=True).values
    return centred / (rewards.std(1, keepdim=True) + eps)

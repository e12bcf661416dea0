"""ε is forgotten.

A group in which all answers earn the same has a deviation of 0, and 0 / 0 is nan.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    centred = rewards - rewards.mean(1, keepdim=True)
    return centred / rewards.std(1, keepdim=True)

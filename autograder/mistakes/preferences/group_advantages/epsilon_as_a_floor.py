"""ε is the least deviation, not added to it.

The docstring adds it. As a floor it makes groups of a small deviation count in full.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    centred = rewards - rewards.mean(1, keepdim=True)
    return centred / rewards.std(1, keepdim=True).clamp(min=eps)

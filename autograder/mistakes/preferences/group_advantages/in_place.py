"""The rewards are centred in place.

Whoever calls this needs the rewards again, for the log at least.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    rewards -= rewards.mean(1, keepdim=True)
    return rewards / (rewards.std(1, keepdim=True) + eps)

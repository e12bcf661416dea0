"""Ranks take the rewards' place.

By how much an answer is better is lost, and equal answers get different ranks.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    ranks = rewards.argsort(1).argsort(1).to(rewards.dtype)
    centred = ranks - ranks.mean(1, keepdim=True)
    return centred / (ranks.std(1, keepdim=True) + eps)

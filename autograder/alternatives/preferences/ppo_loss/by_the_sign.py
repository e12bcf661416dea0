"""Right: a bound above for good tokens, a bound below for bad ones."""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = torch.exp(logprobs - old)
    good = ratio.clamp(max=1 + clip) * advantage
    bad = ratio.clamp(min=1 - clip) * advantage
    gain = torch.where(advantage > 0, good, bad)
    return -torch.where(mask, gain, torch.zeros_like(gain)).sum() / mask.sum().clamp(min=1)

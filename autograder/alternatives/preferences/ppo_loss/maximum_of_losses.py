"""Right: the larger of two losses, over the chosen tokens only."""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    picked = mask.bool()
    ratio = torch.exp(logprobs[picked] - old[picked])
    worth = advantage[picked]
    losses = torch.maximum(-ratio * worth, -torch.clamp(ratio, 1 - clip, 1 + clip) * worth)
    return losses.sum() / max(1, losses.numel())

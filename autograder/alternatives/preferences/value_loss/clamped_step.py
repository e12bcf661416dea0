"""Right: the step is clamped, and the larger distance squared."""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = old + (values - old).clamp(-clip, clip)
    worst = torch.maximum((values - returns).abs(), (near - returns).abs())
    picked = worst[mask]
    return 0.5 * (picked * picked).sum() / max(1, picked.numel())

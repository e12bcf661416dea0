"""Right: the larger is chosen by comparison."""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.minimum(torch.maximum(values, old - clip), old + clip)
    free, held = (values - returns) ** 2, (near - returns) ** 2
    worst = torch.where(free > held, free, held)
    return torch.where(mask, worst, 0.0).sum() / (2 * mask.sum().clamp(min=1))

"""Right: from the sum of squares, group by group."""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    groups = []
    for group in rewards:
        centred = group - group.sum() / len(group)
        deviation = (centred.square().sum() / (len(group) - 1)).sqrt()
        groups.append(centred / (deviation + eps))
    return torch.stack(groups)

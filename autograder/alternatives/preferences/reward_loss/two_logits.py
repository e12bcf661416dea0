"""Right: cross-entropy between two answers, of which the first was chosen."""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    logits = torch.stack([better - margin, worse], dim=1)
    return functional.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long))

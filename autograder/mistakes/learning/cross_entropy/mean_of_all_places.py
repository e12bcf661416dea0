"""Ignored places are counted in the mean.

They add no loss but make the number larger by which it is divided: a batch with much padding has
a smaller loss, and smaller steps.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.numel()

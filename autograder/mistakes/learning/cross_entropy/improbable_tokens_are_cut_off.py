"""Losses are cut off at 100.

A loss that does not grow any more has no gradient: where the model is most wrong it no longer
learns.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).clamp(min=-100.0).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)

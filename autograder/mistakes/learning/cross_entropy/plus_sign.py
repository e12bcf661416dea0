"""The minus sign is missing.

A logarithm of a probability is negative, and training makes the loss smaller: without the sign it
makes the true tokens less probable.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)

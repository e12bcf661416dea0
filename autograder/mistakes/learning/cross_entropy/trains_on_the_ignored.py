"""Ignored targets count as token 0.

Any index has to stand in for them so that gather works, but their losses must be taken out
afterwards. Otherwise the model learns that padding is followed by token 0.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.mean() * counts.any()

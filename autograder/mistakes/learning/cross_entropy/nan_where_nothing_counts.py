"""Without a target that counts the loss is 0 / 0.

A batch of nothing but padding then makes every weight nan. The docstring promises 0.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum()

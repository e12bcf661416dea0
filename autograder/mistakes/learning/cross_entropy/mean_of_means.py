"""Each row is averaged first, and then the rows.

A token in a short row then weighs more than one in a long row. The mean is over all tokens that
count.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    rows = losses.masked_fill(~counts, 0.0).sum(-1) / counts.sum(-1).clamp(min=1)
    return rows.mean()

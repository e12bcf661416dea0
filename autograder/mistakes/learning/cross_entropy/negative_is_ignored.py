"""Every negative target is ignored, and nothing else.

It works for -100 and -1, and not where the padding is a token of the vocabulary. Compare with
`ignore`.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets >= 0
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum() / counts.sum().clamp(min=1)

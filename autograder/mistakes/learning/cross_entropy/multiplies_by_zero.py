"""What is ignored is multiplied by 0.

The token that stands in for an ignored target may have a probability of 0, and inf times 0 is
nan. Fill in zeros instead.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return (losses * counts).sum() / counts.sum().clamp(min=1)

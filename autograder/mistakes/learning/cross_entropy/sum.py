"""The losses are summed, not averaged.

Then the loss, and with it the size of a step, grows with the batch. The mean can be compared
between batches, and exp of it is the perplexity.
"""

from langmodels.learning import *


def cross_entropy(logits, targets, ignore=-100):
    counts = targets != ignore
    chosen = targets.masked_fill(~counts, 0)
    losses = -log_softmax(logits).gather(-1, chosen[..., None])[..., 0]
    return losses.masked_fill(~counts, 0.0).sum()

"""Right: expert by expert."""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    probabilities = (logits - logits.logsumexp(-1, keepdim=True)).exp()
    total = logits.new_zeros(())
    for expert, column in enumerate(probabilities.unbind(1)):
        count = int((experts == expert).sum())
        total = total + column.sum() * count
    return total * logits.shape[1] / logits.shape[0] ** 2

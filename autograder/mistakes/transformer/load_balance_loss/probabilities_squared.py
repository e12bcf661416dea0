"""Probabilities are multiplied with probabilities.

Then nobody looks at where the tokens went. A gate that is nearly undecided and always falls to the
same side seems balanced.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    probability = logits.softmax(-1).mean(0)
    return logits.shape[1] * experts.shape[1] * probability.square().sum()

"""The pairs are added up.

Then the loss and its slope grow with the batch, and the learning rate that fits one size does not
fit another.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -functional.logsigmoid(better - worse - margin).sum()

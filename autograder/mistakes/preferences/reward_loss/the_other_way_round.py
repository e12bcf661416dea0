"""The worse answer is meant to win.

The sign of the difference decides which answer is pushed up. Here the model learns to prefer what
people rejected.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -functional.logsigmoid(worse - better - margin).mean()

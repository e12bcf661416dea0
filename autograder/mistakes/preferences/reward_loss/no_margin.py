"""The margin is forgotten.

A margin asks the better answer to win by that much. Without it the setting does nothing.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -functional.logsigmoid(better - worse).mean()

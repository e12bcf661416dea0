"""The margin is added to the difference.

Then a pair may be wrong by the margin and still look right. A margin makes the task harder, not
easier.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -functional.logsigmoid(better - worse + margin).mean()

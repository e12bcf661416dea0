"""The probability itself is maximised.

Then a pair that is very wrong has hardly any slope, though it needs one most. The logarithm keeps
the pull at 1.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return 1 - (better - worse - margin).sigmoid().mean()

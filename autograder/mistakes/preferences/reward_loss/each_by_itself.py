"""Each reward is judged by itself, as good or bad.

That asks all better answers to be above 0 and all worse ones below. People only compared the two
of a pair; what is good in one pair may be the worse one in another.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -(functional.logsigmoid(better - margin) + functional.logsigmoid(-worse)).mean()

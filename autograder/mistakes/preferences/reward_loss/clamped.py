"""Large differences are cut off.

No slope is left where the model is most wrong, so these pairs are never learned.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return -functional.logsigmoid((better - worse - margin).clamp(-30, 30)).mean()

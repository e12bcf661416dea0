"""Mean and deviation are of the whole batch.

Then an easy prompt makes all its answers look good. An answer is compared with those to the same
prompt.
"""

from langmodels.preferences import *


def group_advantages(rewards, eps=1e-4):
    return (rewards - rewards.mean()) / (rewards.std() + eps)

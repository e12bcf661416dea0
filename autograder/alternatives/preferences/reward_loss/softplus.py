"""Right: softplus of the negative difference."""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return functional.softplus(worse - better + margin).mean()

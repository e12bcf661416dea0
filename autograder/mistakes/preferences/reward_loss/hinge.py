"""A hinge takes the sigmoid's place.

max(0, margin - difference) stops at a difference that is large enough. Bradley and Terry's model
gives every difference a probability.
"""

from langmodels.preferences import *


def reward_loss(better, worse, margin=0.0):
    return (margin - (better - worse)).clamp(min=0).mean()

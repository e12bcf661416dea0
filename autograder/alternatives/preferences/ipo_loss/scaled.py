"""Right: scaled by β, and scaled back."""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    reward = beta * (chosen - reference_chosen) - beta * (rejected - reference_rejected)
    return ((reward - 0.5) ** 2).sum() / len(reward) / beta**2

"""Right: softplus of rewards."""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    better = beta * (chosen - reference_chosen)
    worse = beta * (rejected - reference_rejected)
    losses = (1 - smoothing) * functional.softplus(worse - better)
    return (losses + smoothing * functional.softplus(better - worse)).mean()

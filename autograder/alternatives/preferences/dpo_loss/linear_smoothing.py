"""Right: ln σ(-z) = ln σ(z) - z, so that one logarithm is enough."""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    policy_prefers, reference_prefers = chosen - rejected, reference_chosen - reference_rejected
    z = beta * (policy_prefers - reference_prefers)
    return (smoothing * z - functional.logsigmoid(z)).mean()

"""Right: torch's own mean squared error."""

from langmodels.preferences import *


def ipo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1):
    margin = chosen - rejected - (reference_chosen - reference_rejected)
    return functional.mse_loss(margin, torch.full_like(margin, 0.5 / beta))

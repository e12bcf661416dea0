"""No label is ever wrong.

The smoothing is a setting that does nothing here, so that pairs with wrong labels pull without
end.
"""

from langmodels.preferences import *


def dpo_loss(chosen, rejected, reference_chosen, reference_rejected, beta=0.1, smoothing=0.0):
    margin = beta * ((chosen - reference_chosen) - (rejected - reference_rejected))
    right = functional.logsigmoid(margin)
    return -right.mean()

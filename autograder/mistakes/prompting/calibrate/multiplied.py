"""The prior is multiplied, not divided out.

That is Bayes' rule for adding a prior. Here one is to be taken away, and the habit would only
grow stronger.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    fair = probabilities * prior
    return fair / fair.sum(-1, keepdim=True)

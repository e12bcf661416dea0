"""The quotients are not normalised.

They sum to anything. A quotient of 3 is no probability, and quotients of two inputs cannot be
compared.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    return probabilities / prior

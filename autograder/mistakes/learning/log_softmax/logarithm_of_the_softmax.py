"""The softmax comes first, and then its logarithm.

What is small beside the largest has become 0 in the softmax, and the logarithm of 0 is -inf. The
logarithm has to be taken before the exponential is rounded away.
"""

from langmodels.learning import *


def log_softmax(logits):
    return logits.softmax(-1).log()

"""The scale that is given is not used.

1/√K is what it is by default only: a caller who gives a scale wants that one.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    return masked_softmax(query @ key.mT / query.shape[-1] ** 0.5, mask)

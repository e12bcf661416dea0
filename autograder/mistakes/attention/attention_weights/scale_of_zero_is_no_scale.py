"""A scale of 0 is taken for none.

`scale or 1/√K` takes the default whenever the scale is false, and 0.0 is. A scale of zero makes
all keys equal; ask whether it is None.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = scale or query.shape[-1] ** -0.5
    return masked_softmax(query @ key.mT * scale, mask)

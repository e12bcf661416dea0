"""The scores are not scaled at all.

A dot product of K numbers of variance 1 has variance K. Scores that large make the softmax put
everything on one key, where its gradient is next to nothing: divide by √K.

See: attention#why-root
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    return masked_softmax(query @ key.mT * (1.0 if scale is None else scale), mask)

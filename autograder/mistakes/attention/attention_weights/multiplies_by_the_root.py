"""The scores are multiplied by √K instead of divided by it.

That makes large scores larger. Their variance is K before scaling; 1/√K brings it to 1.

See: attention#why-root
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** 0.5 if scale is None else scale
    return masked_softmax(query @ key.mT * scale, mask)

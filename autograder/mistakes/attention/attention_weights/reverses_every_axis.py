"""The keys are transposed with .T, which reverses all axes.

For a plain matrix .T and .mT are the same. With a batch in front, .T moves that to the end, and
torch complains or, worse, does not.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    turned = key.permute(*reversed(range(key.ndim)))
    return masked_softmax(query @ turned * scale, mask)

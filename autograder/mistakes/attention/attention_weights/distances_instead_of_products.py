"""Keys are compared by their distance to the query, not by the dot product.

Near keys get more weight then, also a fair idea. A dot product lets a long key ask for more
attention from everyone, and costs one matrix product.
"""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    distances = (query[..., :, None, :] - key[..., None, :, :]).square().sum(-1)
    return masked_softmax(-distances * scale, mask)

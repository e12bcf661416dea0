"""Right: the products by einsum, divided by the root of the width."""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scores = torch.einsum("...tk,...sk->...ts", query, key)
    scores = scores / query.shape[-1] ** 0.5 if scale is None else scores * scale
    return masked_softmax(scores, mask)

"""Right: the mixture by einsum."""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    weights = attention_weights(query, key, mask, scale=scale)
    return torch.einsum("...ts,...sv->...tv", weights, value)

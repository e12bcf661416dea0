"""Right: scores and softmax in float64, rounded once at the end."""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    if scale is None:
        scale = 1.0 / query.size(-1) ** 0.5
    scores = torch.matmul(query.double(), key.double().transpose(-2, -1)) * scale
    if mask is not None and mask.dtype != torch.bool:
        mask = mask.double()
    return masked_softmax(scores, mask).to(query.dtype)

"""Right: exponentials of what is above the largest, over their sum, in float32 at least."""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    dtype = scores.dtype
    if dtype == torch.bfloat16:
        scores = scores.float()
    if mask is not None:
        if mask.dtype == torch.bool:
            mask = torch.zeros(mask.shape, dtype=scores.dtype).masked_fill(~mask, float("-inf"))
        scores = scores + mask
    if scores.shape[-1] == 0:
        return scores.to(dtype)
    largest = scores.detach().amax(-1, keepdim=True)
    sizes = torch.exp(scores - torch.where(largest == float("-inf"), 0.0, largest))
    return (sizes / sizes.sum(-1, keepdim=True).clamp(min=0.5)).to(dtype)

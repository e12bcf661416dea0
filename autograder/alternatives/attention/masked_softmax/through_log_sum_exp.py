"""Right: the exponential of a score minus the logarithm of the sum of exponentials."""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None:
        zero = scores.new_zeros(())
        added = torch.where(mask, zero, -torch.inf) if mask.dtype == torch.bool else mask
        scores = scores + added
    if not scores.numel():
        return scores
    sees = (scores > -torch.inf).any(-1, keepdim=True)
    harmless = torch.where(sees, scores, 0.0)
    harmless = harmless - harmless.detach().amax(-1, keepdim=True)  # keeps its digits
    total = torch.logsumexp(harmless, dim=-1, keepdim=True)
    return torch.exp(harmless - total) * sees

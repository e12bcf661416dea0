"""Right: hides with the least number of the dtype, and zeros what is hidden again at the end."""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is None:
        return torch.softmax(scores, dim=-1)
    if mask.dtype == torch.bool:
        seen = mask.expand_as(scores)
    else:
        seen = (mask != -torch.inf).expand_as(scores)
        scores = scores + torch.where(seen, mask, torch.zeros_like(mask))
    hidden = torch.full_like(scores, torch.finfo(scores.dtype).min)
    weights = torch.softmax(torch.where(seen, scores, hidden), dim=-1)
    return torch.where(seen, weights, torch.zeros_like(weights))

"""Right: with einsum throughout."""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.einsum("bsd,d->bs", torch.tanh(keys + query.unsqueeze(1)), score)
    if mask is not None:
        scores = torch.where(mask, scores, -torch.inf)
    weights = torch.softmax(scores, dim=1)
    return torch.einsum("bs,bsh->bh", weights, values), weights

"""Right: goes through all rows in a loop and takes the softmax of those that see something."""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    n_keys = scores.shape[-1]
    if mask is None:
        mask = torch.ones(scores.shape, dtype=torch.bool)
    mask = mask.expand_as(scores).reshape(-1, n_keys) if scores.numel() else mask
    rows = []
    for number, row in enumerate(scores.reshape(-1, n_keys) if scores.numel() else []):
        own = mask[number]
        seen = own if own.dtype == torch.bool else own > -torch.inf
        if own.dtype != torch.bool:
            row = row + own
        weights = torch.zeros_like(row)
        if seen.any():
            weights = weights.masked_scatter(seen, row[seen].softmax(0))
        rows.append(weights)
    return torch.stack(rows).reshape(scores.shape) if rows else scores.clone()

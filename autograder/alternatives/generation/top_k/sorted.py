"""Right: the k-th from the end of a sort."""

from langmodels.generation import *


def top_k(logits, k):
    size = logits.shape[-1]
    bar = torch.sort(logits, dim=-1)[0].narrow(-1, max(0, size - k), 1)
    return torch.where(logits >= bar, logits, -math.inf)

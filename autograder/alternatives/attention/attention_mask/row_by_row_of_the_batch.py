"""Right: makes the mask of each row of the batch by itself, with plain numbers, and stacks them."""

from langmodels.attention import *


def attention_mask(
    n_queries, n_keys, *, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    given = [rule for rule in (prefix if causal else None, lengths, documents) if rule is not None]
    size = len(given[0]) if given else 1
    masks = torch.ones(size, 1, n_queries, n_keys, dtype=torch.bool)
    for b in range(size):
        for row in range(n_queries):
            position = n_keys - n_queries + row
            mask = masks[b, 0, row]
            if causal:
                mask[max(position + 1, 0 if prefix is None else int(prefix[b])) :] = False
            if window is not None:
                mask[: max(0, position - window + 1)] = False
                mask[position + window :] = False
            if lengths is not None:
                mask[int(lengths[b]) :] = False
            if documents is not None:
                mask[documents[b] != documents[b, position]] = False
    return masks

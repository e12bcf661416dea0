"""A key is seen if any of the rules allows it.

Each rule hides something for its own reason. A token of padding is no better for being in the
past: all rules that are given must allow a key.
"""

from langmodels.attention import *


def attention_mask(
    n_queries, n_keys, *, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    keys = torch.arange(n_keys)
    queries = torch.arange(n_keys - n_queries, n_keys)[:, None]
    rules = []
    if causal:
        past = (keys <= queries)[None, None]
        rules.append(past if prefix is None else past | (keys < prefix[:, None, None, None]))
    if window is not None:
        rules.append(((queries - keys).abs() < window)[None, None])
    if lengths is not None:
        short = keys < lengths[:, None, None, None]
        rules.append(short.expand(-1, -1, n_queries, -1))
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        rules.append(own[:, None])
    if not rules:
        return torch.ones(1, 1, n_queries, n_keys, dtype=torch.bool)
    seen = rules[0]
    for rule in rules[1:]:
        seen = seen | rule
    return seen

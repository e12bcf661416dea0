"""Each query sees one key too many, the next one.

The next token is the one to be predicted. A model that is shown it learns to copy, has a wonderful
loss, and cannot write a word when the answer is not there yet.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    keys = torch.arange(n_keys)
    queries = torch.arange(n_keys - n_queries, n_keys)[:, None]
    return keys <= queries + 1

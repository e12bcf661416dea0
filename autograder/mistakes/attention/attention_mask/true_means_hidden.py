"""True stands where a key is hidden.

Other libraries have masks that say what to hide. In this course True is where a query may attend,
so rules are combined by "and".
"""

from langmodels.attention import *

_seen = attention_mask


def attention_mask(n_queries, n_keys, **rules):
    return ~_seen(n_queries, n_keys, **rules)

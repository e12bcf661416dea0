"""What comes back are the new keys only.

The new token has to look at the past as well: that is what the cache is for.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def update(self, layer, key, value):
        super().update(layer, key, value)
        return key, value

    def mask(self, n_new):
        mask = super().mask(n_new)
        return None if mask is None else mask[..., -n_new:]

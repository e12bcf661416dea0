"""A single new token never gets a mask.

In a row that is shorter than others the returned keys hold slots beyond its own tokens: padding,
or nothing. These must be hidden.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        return None if n_new == 1 else super().mask(n_new)

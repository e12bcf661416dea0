"""The mask is True where a key is hidden.

Other libraries have it that way round. Here True is where a token may look, as in the chapter on
attention.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        mask = super().mask(n_new)
        return None if mask is None else ~mask

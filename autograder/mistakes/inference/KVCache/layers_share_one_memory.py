"""All layers write into the memory of the first.

Each layer has keys of its own. When the next layer writes where this one did, the past of both is
that of the last layer.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def update(self, layer, key, value):
        return super().update(0, key, value)

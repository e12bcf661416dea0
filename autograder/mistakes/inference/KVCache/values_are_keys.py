"""The values are written into the memory of the keys.

Two memories that look alike are easily mixed up. Keys are compared with, values are what a token
takes home.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def update(self, layer, key, value):
        keys, _ = super().update(layer, key, value)
        return keys, keys

"""The lengths grow with every layer, not once a call.

Every layer is told of the same new tokens. If the first layer counts them as past already, the
second writes its keys behind a hole.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def update(self, layer, key, value):
        result = super().update(layer, key, value)
        if layer == 0:
            self.finish()
            self.counts = [0] * len(self.lengths)
        return result

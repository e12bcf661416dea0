"""Padding is counted as if it were text.

Of T new tokens a row only the first counts[b] are real. If all T are counted, the row's next
token stands behind a gap, and sees the padding in it.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def update(self, layer, key, value):
        result = super().update(layer, key, value)
        self.counts = [key.shape[2]] * len(self.lengths)
        return result

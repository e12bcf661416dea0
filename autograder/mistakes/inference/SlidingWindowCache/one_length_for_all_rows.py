"""All rows write to the slots of the fullest one.

Rows of different lengths are at different places of their rings.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def update(self, layer, key, value):
        lengths, self.lengths = self.lengths, [max(self.lengths)] * len(self.lengths)
        result = super().update(layer, key, value)
        self.lengths = lengths
        return result

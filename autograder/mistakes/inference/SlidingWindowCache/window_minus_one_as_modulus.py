"""The slot is p % (W - 1).

W tokens need W different slots. With one slot less the token that is just in sight has been
replaced.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def update(self, layer, key, value):
        window = self.window
        in_use = self._n_slots(key.shape[2])
        self.window = max(window - 1, 1)
        before = super().update(layer, key, value)
        self.window = window
        if key.shape[2] == 1:
            return self.keys[layer, :, :, :in_use], self.values[layer, :, :, :in_use]
        return before

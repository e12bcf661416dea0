"""Of a piece longer than the window the first W tokens are kept.

What comes next will look back at the last W tokens. The beginning of the piece is out of sight by
then.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def update(self, layer, key, value):
        n_new, in_use = key.shape[2], self._n_slots(key.shape[2])
        before = self.keys[layer, :, :, :in_use], self.values[layer, :, :, :in_use]
        if n_new > 1:
            before = torch.cat([before[0], key], dim=2), torch.cat([before[1], value], dim=2)
        place = torch.arange(n_new)
        counts = torch.tensor(self.counts)[:, None]
        rows, new = ((place < counts) & (place < self.window)).nonzero(as_tuple=True)
        slots = self.positions(n_new)[rows, new] % self.window
        self.keys[layer][rows, :, slots] = key[rows, :, new]
        self.values[layer][rows, :, slots] = value[rows, :, new]
        return before

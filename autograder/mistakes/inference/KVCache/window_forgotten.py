"""The mask knows nothing of the window.

In a model with a window a key that is too far away is not seen in training. The cache may hold
it, but has to hide it.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        held = max(self.lengths) + n_new
        if n_new == 1 and min(self.lengths) + 1 == held:
            return None
        positions = self.positions(n_new)[:, None, :, None]
        return torch.arange(held, device=self.device) <= positions

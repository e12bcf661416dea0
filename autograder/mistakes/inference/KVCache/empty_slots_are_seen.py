"""A whole row of slots is returned, and nothing hides the empty ones.

A key of zeros has the score 0, not -∞. e⁰ = 1 takes a share of the softmax, more than many a real
key.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        mask = super().mask(n_new)
        if mask is None:
            return None
        return torch.nn.functional.pad(mask, (0, self.capacity - mask.shape[-1]), value=True)

    def update(self, layer, key, value):
        super().update(layer, key, value)
        return self.keys[layer], self.values[layer]

"""A piece sees what was in the ring, and not its own tokens.

Each new token sees those before it in the piece, and itself. They may never get a slot, if the
piece is longer than the window.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def mask(self, n_new):
        mask = super().mask(n_new)
        if n_new == 1 or max(self.lengths) == 0:
            return mask
        mask[..., -n_new:] &= torch.eye(n_new, dtype=torch.bool)
        return mask

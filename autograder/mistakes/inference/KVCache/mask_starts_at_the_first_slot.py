"""The mask of a piece is a triangle that starts at slot 0.

That is right for the first piece only. Later ones stand after what the row holds: all of that is
seen, and the triangle begins behind it.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        held, window = max(self.lengths) + n_new, self.config.window
        if n_new == 1 and min(self.lengths) + 1 == held and (window is None or held <= window):
            return None
        if n_new == 1:
            return super().mask(n_new)
        seen = torch.ones(n_new, held, dtype=torch.bool, device=self.device).tril()
        return seen.expand(len(self.lengths), 1, n_new, held)

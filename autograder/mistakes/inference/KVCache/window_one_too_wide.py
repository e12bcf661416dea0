"""With a window of W a token sees W keys before its own.

Its own key is one of the W, so there are W - 1 before it. The model was trained that way, and one
key more changes what it says.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        held, window = max(self.lengths) + n_new, self.config.window
        if n_new == 1 and min(self.lengths) + 1 == held and (window is None or held <= window):
            return None
        positions = self.positions(n_new)[:, None, :, None]
        slots = torch.arange(held, device=self.device)
        seen = slots <= positions
        return seen if window is None else seen & (slots >= positions - window)

"""A new token does not see its own key.

Causal means not later than oneself. A token takes part in its own mixture, also in training; and
the first of all would see nothing.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        held, window = max(self.lengths) + n_new, self.config.window
        positions = self.positions(n_new)[:, None, :, None]
        slots = torch.arange(held, device=self.device)
        seen = slots < positions
        return seen if window is None else seen & (slots > positions - window)

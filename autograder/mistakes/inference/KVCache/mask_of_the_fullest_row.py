"""The mask is made for the fullest row and used for all.

A shorter row's token stands at another position. With the mask of the longest it sees slots that
were filled by padding, or by nobody.
"""

from langmodels.inference import *


class KVCache(KVCache):
    def mask(self, n_new):
        held, window = max(self.lengths) + n_new, self.config.window
        if n_new == 1 and min(self.lengths) + 1 == held and (window is None or held <= window):
            return None
        positions = torch.arange(held - n_new, held, device=self.device)[:, None]
        slots = torch.arange(held, device=self.device)
        seen = slots <= positions
        seen = seen if window is None else seen & (slots > positions - window)
        return seen[None, None].expand(len(self.lengths), 1, n_new, held)

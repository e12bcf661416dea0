"""The mask shows one key more than the window.

A token's own key is one of the W. In a ring of W slots the key that is one too old has been
replaced by the token's own; in a piece it is still there, and has to be hidden.
"""

from langmodels.inference import *


class SlidingWindowCache(SlidingWindowCache):
    def mask(self, n_new):
        own = self.positions(n_new)[:, None, :, None]
        last = own[..., -1:, :] if n_new == 1 else own[..., :1, :] - 1
        slots = torch.arange(self._n_slots(n_new), device=self.device)
        held = last - (last - slots) % self.window
        if n_new > 1:
            held = torch.cat([held, own.mT], dim=-1)
        return (held >= 0) & (held <= own) & (held >= own - self.window)

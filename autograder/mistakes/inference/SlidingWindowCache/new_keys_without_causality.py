"""In a piece the new tokens see each other in both directions.

The window hides the past that is too far away. The future has to be hidden as well, as in every
piece of more than one token.
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
        return (held >= 0) & (held > own - self.window)
